package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.QualityFigure;
import org.sipdispatch.sets.TrafficShare;

/** The quality of calls, and the shares of destinations, as JSON. */
final class QualityJson {
    private static final double TENTHS = 10;

    private QualityJson() {}

    /** The counts, and the figures that have any calls to be a mean of. */
    static ObjectNode of(QualityCounts counts) {
        ObjectNode node = Json.object()
                .put("seizures", counts.seizures())
                .put("answers", counts.answers())
                .put("effective", counts.effective())
                .put("delays", counts.delays())
                .put("ended", counts.ended());
        put(node, "asr", QualityFigure.ASR, counts);
        put(node, "ner", QualityFigure.NER, counts);
        put(node, "pddMs", QualityFigure.PDD, counts);
        put(node, "acdSeconds", QualityFigure.ACD, counts);
        return node;
    }

    /** Rounded to a tenth. */
    private static void put(ObjectNode node, String name, QualityFigure figure, QualityCounts counts) {
        if (figure.base(counts) > 0) {
            node.put(name, Math.round(figure.of(counts) * TENTHS) / TENTHS);
        }
    }

    static ObjectNode of(TrafficShare share) {
        return Json.object().put("backoffMs", share.backoffMs()).put("slowStartPercent", share.slowStartPercent());
    }
}

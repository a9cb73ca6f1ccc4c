package org.sipdispatch.observation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.QualityFigure;
import org.sipdispatch.sets.QualitySettings;

/** Notices when a figure of quality falls below its bound, and when it recovers. Not thread-safe. */
public final class QualityAlarms {
    /**
     * A figure has fallen below its bound or has recovered.
     *
     * @param id the destination's id
     * @param bad whether it has fallen
     * @param text the figure in words: {@code ASR is 41.2 % of 120 calls, below 50.0 %}
     */
    public record Alarm(String id, QualityFigure figure, boolean bad, String text) {}

    private final QualitySettings settings;
    private final Map<String, Set<QualityFigure>> bad = new HashMap<>();

    public QualityAlarms(QualitySettings settings) {
        this.settings = settings;
    }

    /** Forgets destinations that are no longer defined. */
    public void retain(Collection<String> ids) {
        bad.keySet().retainAll(ids);
    }

    /** What has changed with these counts. A figure of too few calls stays what it was. */
    public List<Alarm> changes(String id, QualityCounts counts) {
        List<Alarm> changes = new ArrayList<>();
        for (QualityFigure figure : settings.bounds().keySet()) {
            boolean was = bad.getOrDefault(id, Set.of()).contains(figure);
            boolean is = was ? !settings.hasRecovered(figure, counts) : settings.isBad(figure, counts);
            if (is != was) {
                note(id, figure, is);
                changes.add(new Alarm(id, figure, is, text(figure, counts, is)));
            }
        }
        return changes;
    }

    private void note(String id, QualityFigure figure, boolean isBad) {
        Set<QualityFigure> ofOne = bad.computeIfAbsent(id, created -> EnumSet.noneOf(QualityFigure.class));
        if (isBad) {
            ofOne.add(figure);
        } else {
            ofOne.remove(figure);
        }
    }

    private String text(QualityFigure figure, QualityCounts counts, boolean isBad) {
        String bound = figure.text(settings.bounds().get(figure));
        String side = figure == QualityFigure.PDD ? "above " : "below ";
        return figure + " is " + figure.text(figure.of(counts)) + " of " + figure.base(counts) + " calls, "
                + (isBad ? side + bound : "which was " + side + bound);
    }
}

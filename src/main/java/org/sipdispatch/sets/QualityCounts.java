package org.sipdispatch.sets;

/**
 * What became of the calls to one destination. A seizure is an INVITE outside of dialogs with an outcome.
 *
 * @param seizures INVITEs with an outcome
 * @param answers those with a 2xx
 * @param effective those with a 2xx, a busy or refusing callee, or one that rang and did not answer
 * @param delays INVITEs with a post-dial delay, which is the time to the first response from 101 to 299
 * @param delayMicros the sum of these times, in microseconds
 * @param ended answered calls that ended with a BYE
 * @param callMs the sum of their durations, in milliseconds
 */
public record QualityCounts(
        long seizures, long answers, long effective, long delays, long delayMicros, long ended, long callMs) {
    /** No calls. */
    public static final QualityCounts NONE = new QualityCounts(0, 0, 0, 0, 0, 0, 0);

    public QualityCounts plus(QualityCounts other) {
        return other.isNone()
                ? this
                : new QualityCounts(
                        seizures + other.seizures,
                        answers + other.answers,
                        effective + other.effective,
                        delays + other.delays,
                        delayMicros + other.delayMicros,
                        ended + other.ended,
                        callMs + other.callMs);
    }

    /** The counts since the earlier ones; 0 where the earlier ones are larger, after a restart of the counters. */
    public QualityCounts since(QualityCounts earlier) {
        return new QualityCounts(
                Math.max(0, seizures - earlier.seizures),
                Math.max(0, answers - earlier.answers),
                Math.max(0, effective - earlier.effective),
                Math.max(0, delays - earlier.delays),
                Math.max(0, delayMicros - earlier.delayMicros),
                Math.max(0, ended - earlier.ended),
                Math.max(0, callMs - earlier.callMs));
    }

    public boolean isNone() {
        return equals(NONE);
    }
}

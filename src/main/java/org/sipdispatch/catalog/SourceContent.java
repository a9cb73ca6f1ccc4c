package org.sipdispatch.catalog;

import java.util.function.Supplier;

/**
 * The content of a watched source at one moment.
 *
 * @param fingerprint the same exactly if the content is the same
 * @param isWhole whether the content is certainly complete; that of a file may be half written
 * @param rows converts the content to rows; throws a {@link org.sipdispatch.settings.SettingException} if it
 *     cannot, and an {@link OtherSourceException} if they cannot apply now because of another source
 */
public record SourceContent(String fingerprint, boolean isWhole, Supplier<CatalogSnapshot> rows) {}

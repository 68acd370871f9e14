package dev.weir.queryserver.store;

/**
 * What a writer says of a metric family.
 *
 * @param scope the project it was written for, or {@link #SHARED} where the request named none
 * @param type as in the exposition formats: {@code counter}, {@code gauge} ...
 */
public record MetricMetadata(String scope, String family, String type, String help, String unit) {
    /** The scope of metadata that came without a project. */
    public static final String SHARED = "";
}

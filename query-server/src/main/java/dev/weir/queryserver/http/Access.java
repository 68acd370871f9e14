package dev.weir.queryserver.http;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * Decides which projects a request may touch, before anything else looks at it. Without tokens: the project of the path,
 * else that of the header {@value #HEADER}, else all.
 */
public final class Access {
    /** Names the project, as in Mimir and Cortex. */
    public static final String HEADER = "X-Scope-OrgID";

    private static final int MAX_PROJECT_LENGTH = 256;

    private Access() {}

    /**
     * @param pathProject the project that the path names; null if it names none
     * @throws ApiException if path and header name different projects, or a name is none
     */
    public static Scope scope(@Nullable String pathProject, HttpFields headers) throws ApiException {
        String header = headers.get(HEADER);
        String headerProject = header == null || header.isEmpty() ? null : checked(header);
        if (pathProject == null) {
            return headerProject == null ? Scope.ALL : new Scope(headerProject);
        }
        String project = checked(pathProject);
        if (headerProject != null && !headerProject.equals(project)) {
            throw new ApiException(
                    ErrorType.FORBIDDEN,
                    "header " + HEADER + ": \"" + headerProject + "\" (expected: none, or the project of the path, \""
                            + project + "\")");
        }
        return new Scope(project);
    }

    private static String checked(String project) throws ApiException {
        boolean isPrintable = project.codePoints().allMatch(c -> c >= ' ' && c != 0x7f);
        if (project.isEmpty() || project.length() > MAX_PROJECT_LENGTH || !isPrintable) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    "project of " + project.length() + " characters (expected: 1 to " + MAX_PROJECT_LENGTH
                            + " printable ones)");
        }
        return project;
    }
}

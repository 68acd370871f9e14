package dev.weir.queryserver.http;

import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/** Decides which projects a request may touch, before anything else looks at it. */
@FunctionalInterface
public interface Access {
    /** Names the project, as in Mimir and Cortex. */
    String HEADER = "X-Scope-OrgID";

    int MAX_PROJECT_LENGTH = 256;

    /** Everybody may do everything: the project is that of the path, else that of the header {@value #HEADER}, else all. */
    Access OPEN = (need, pathProject, headers) -> named(pathProject, headers);

    /**
     * @param pathProject the project that the path names; null if it names none
     * @throws ApiException if the request may not do what it needs, or path and header name different projects
     */
    Scope scope(Need need, @Nullable String pathProject, HttpFields headers) throws ApiException;

    /**
     * What the request itself names: the project of its path, else that of its header, else all.
     *
     * @throws ApiException if the two name different projects, or a name is none
     */
    static Scope named(@Nullable String pathProject, HttpFields headers) throws ApiException {
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

    /** Whether a project may be called so. */
    static boolean isProject(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_PROJECT_LENGTH
                && name.codePoints().allMatch(c -> c >= ' ' && c != 0x7f);
    }

    private static String checked(String project) throws ApiException {
        if (!isProject(project)) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    "project of " + project.length() + " characters (expected: 1 to " + MAX_PROJECT_LENGTH
                            + " printable ones)");
        }
        return project;
    }
}

package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.Access;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Scope;

/** Whose an event is: the token's or header's project, and only where these leave it open, the one that the event names. */
final class EventProject {
    private EventProject() {}

    /**
     * @param named what the event says; "" if nothing
     * @param place where it says so
     * @throws ApiException if the event names another project than the one that may be written to, or none at all
     */
    static String of(Scope scope, String named, String place, String defaultProject) throws ApiException {
        String own = scope.project();
        if (named.isEmpty()) {
            return own == null ? defaultProject : own;
        }
        if (!Access.isProject(named)) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    place + ": " + named.length() + " characters (expected: a project of 1 to "
                            + Access.MAX_PROJECT_LENGTH + " printable ones)");
        }
        if (own != null && !own.equals(named)) {
            throw new ApiException(
                    ErrorType.FORBIDDEN, place + ": \"" + named + "\" (expected: none, or \"" + own + "\")");
        }
        return named;
    }
}

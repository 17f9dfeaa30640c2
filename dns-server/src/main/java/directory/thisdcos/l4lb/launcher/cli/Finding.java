package directory.thisdcos.l4lb.launcher.cli;

import java.util.Locale;

/**
 * What one check of this machine found.
 *
 * @param fix what to do; empty if nothing
 */
record Finding(String check, Result result, String detail, String fix) {

    /** How bad it is. */
    enum Result {
        OK,
        /** It works, but not all of it, or not for long. */
        WARNING,
        /** It does not work. */
        FAILURE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String detail) {
        return new Finding(check, Result.OK, detail, "");
    }

    static Finding warning(String check, String detail, String fix) {
        return new Finding(check, Result.WARNING, detail, fix);
    }

    static Finding failure(String check, String detail, String fix) {
        return new Finding(check, Result.FAILURE, detail, fix);
    }
}

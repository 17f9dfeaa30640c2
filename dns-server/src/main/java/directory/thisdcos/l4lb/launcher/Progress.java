package directory.thisdcos.l4lb.launcher;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/** One line on a terminal that says how far long work is; nothing elsewhere. For one thread. */
final class Progress {
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PrintStream out;
    private final boolean isTerminal;
    private long shownAt;
    private int width;

    private Progress(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** On standard error, where tables would have colours. */
    static Progress onTerminal() {
        return new Progress(System.err, Ansi.AUTO.enabled());
    }

    static Progress silent() {
        return new Progress(System.err, false);
    }

    /** So much is done, of so much. */
    void at(String what, int done, int of) {
        long now = System.nanoTime();
        if (!isTerminal || (done < of && now - shownAt < INTERVAL_NANOS)) {
            return;
        }
        shownAt = now;
        show(String.format(Locale.ROOT, "%s %,d of %,d (%d %%)", what, done, of, of == 0 ? 100 : done * 100L / of));
    }

    /** Takes the line away. */
    void done() {
        if (isTerminal && width > 0) {
            show("");
            out.print('\r');
            out.flush();
        }
    }

    private void show(String text) {
        out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
        out.flush();
        width = text.length();
    }
}

package directory.thisdcos.l4lb.launcher.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns for people; the last one may be of any width. */
final class Table {
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String RESET = "\u001b[0m";

    private record Row(List<String> cells, String style) {}

    private final List<Row> rows = new ArrayList<>();
    private final int[] widths;

    Table(String... headers) {
        widths = new int[headers.length];
        add(BOLD, headers);
    }

    void row(String... cells) {
        add("", cells);
    }

    /** A row that somebody should look at. */
    void bad(String... cells) {
        add(RED, cells);
    }

    private void add(String style, String... cells) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            // A control character in data must not reach a terminal.
            String cell = cells[i].replaceAll("\\p{Cntrl}", "?");
            row.add(cell.isEmpty() ? "-" : cell);
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
        rows.add(new Row(row, style));
    }

    void print(PrintWriter out, boolean colour) {
        for (Row row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.cells().size(); i++) {
                String cell = row.cells().get(i);
                line.append(cell);
                if (i < row.cells().size() - 1) {
                    line.append(" ".repeat(widths[i] - cell.length() + 2));
                }
            }
            out.println(colour && !row.style().isEmpty() ? row.style() + line + RESET : line.toString());
        }
    }
}

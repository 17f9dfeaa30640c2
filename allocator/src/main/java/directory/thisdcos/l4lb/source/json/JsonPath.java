package directory.thisdcos.l4lb.source.json;

import org.jspecify.annotations.Nullable;

/**
 * A place in a document; its text is made only when somebody reports it, since there is one for every value that is read.
 *
 * @param name a field's name, or the text of a place without a parent
 * @param index of an element, if it has a parent and no name
 */
record JsonPath(@Nullable JsonPath parent, @Nullable String name, int index) {

    static final JsonPath ROOT = of("");

    /** A place with a name of its own, such as {@code tasks[my-app.1]}. */
    static JsonPath of(String text) {
        return new JsonPath(null, text, 0);
    }

    JsonPath field(String field) {
        return new JsonPath(this, field, 0);
    }

    JsonPath index(int element) {
        return new JsonPath(this, null, element);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text);
        return text.toString();
    }

    private void append(StringBuilder text) {
        if (parent == null) {
            text.append(name);
            return;
        }
        parent.append(text);
        if (name == null) {
            text.append('[').append(index).append(']');
        } else if (isPlain(name)) {
            text.append(text.length() == 0 ? "" : ".").append(name);
        } else {
            text.append("[\"").append(name).append("\"]");
        }
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
    }
}

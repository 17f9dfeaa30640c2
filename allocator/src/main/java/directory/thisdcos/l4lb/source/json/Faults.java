package directory.thisdcos.l4lb.source.json;

/** Takes what is wrong in a document. */
@FunctionalInterface
public interface Faults {

    /** Problem kind of a field whose JSON type or range is wrong. */
    String WRONG_TYPE = "wrong-type";

    /**
     * @param kind the problem's kind
     * @param path where, such as {@code portDefinitions[0].labels.VIP_0}
     * @param message what is wrong and the fix
     */
    void add(String kind, String path, String message);
}

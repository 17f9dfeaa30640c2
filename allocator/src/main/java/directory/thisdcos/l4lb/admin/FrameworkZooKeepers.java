package directory.thisdcos.l4lb.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where frameworks keep what their clients look for in ZooKeeper, as the operator says: neither Mesos nor a label tells
 * it, and the program's own ensemble need not be theirs.
 */
public final class FrameworkZooKeepers {
    /** Nobody has said it. */
    public static final FrameworkZooKeepers NONE = new FrameworkZooKeepers(Map.of());

    private static final String PLACE = "{framework}";
    private static final String OTHERS = "";

    private final Map<String, String> texts;

    private FrameworkZooKeepers(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    /**
     * @param settings {@code [FRAMEWORK=]HOST:PORT,.../PATH} each
     * @throws IllegalArgumentException with the setting and the fix
     */
    public static FrameworkZooKeepers parse(List<String> settings) {
        Map<String, String> texts = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String framework = equals < 0 ? OTHERS : plain(setting.substring(0, equals));
            String text = setting.substring(equals + 1).strip();
            if ((equals >= 0 && framework.isEmpty()) || !text.matches("[^\\s/]*[^\\s/:]:[0-9]{1,5}(/\\S*)?")) {
                throw new IllegalArgumentException("'" + setting
                        + "' is not [FRAMEWORK=]HOST:PORT,.../PATH; write for example"
                        + " kafka=master.mesos:2181/dcos-service-" + PLACE);
            }
            if (texts.put(framework, text) != null) {
                throw new IllegalArgumentException("'" + setting + "': "
                        + (framework.isEmpty() ? "all frameworks" : framework) + " was given already; leave one out");
            }
        }
        return new FrameworkZooKeepers(texts);
    }

    /** What a framework's clients are told; empty if nobody has said it. */
    Optional<String> of(String framework) {
        return Optional.ofNullable(texts.getOrDefault(plain(framework), texts.get(OTHERS)))
                .map(text -> text.replace(PLACE, plain(framework).replace("/", "__")));
    }

    /** Services in folders are known with and without the slash in front. */
    private static String plain(String framework) {
        String name = framework.strip();
        return name.startsWith("/") ? name.substring(1) : name;
    }
}

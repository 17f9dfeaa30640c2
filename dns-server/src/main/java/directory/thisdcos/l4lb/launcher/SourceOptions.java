package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.marathon.live.MarathonSettings;
import directory.thisdcos.l4lb.source.mesos.ZooKeeperUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options about schedulers that tell of services over the network. */
final class SourceOptions {
    @Option(
            names = "--marathon",
            paramLabel = "URL[,URL...]",
            description = "Members of one Marathon, http://HOST:8080, or a proxy before them,"
                    + " https://HOST/service/marathon; user and password may stand in it, USER:PASSWORD@HOST. Its events"
                    + " are followed. Repeatable, for several Marathons; blanks stand between them in the environment.")
    List<String> marathon = List.of();

    @Option(
            names = "--marathon-resync",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = Converters.OfDuration.class,
            description = "How often everything is read from Marathon anew although its events came. Default:"
                    + " ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration marathonResync;

    @Option(
            names = "--mesos",
            paramLabel = "URL[,URL...]",
            description = "Masters of one Mesos cluster, http://HOST:5050, or where they elect their leader,"
                    + " zk://HOST:PORT,HOST:PORT/mesos (zk+https:// if they speak TLS). Their stream of events is"
                    + " followed. Repeatable, for several clusters; blanks stand between them in the environment.")
    List<String> mesos = List.of();

    @Option(
            names = "--mesos-agent",
            paramLabel = "URL",
            description = "A Mesos agent, http://HOST:5051, asked for its tasks every --mesos-agent-interval: for where"
                    + " the masters cannot be reached. Repeatable.")
    List<String> mesosAgents = List.of();

    @Option(
            names = "--mesos-agent-interval",
            paramLabel = "DURATION",
            defaultValue = "2s",
            converter = Converters.OfDuration.class,
            description = "Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration mesosAgentInterval;

    @Option(
            names = "--mesos-agent-timeout",
            paramLabel = "DURATION",
            defaultValue = "10m",
            converter = Converters.OfDuration.class,
            description = "How long agents have to come back after a change of master, as in the masters'"
                    + " --agent_reregister_timeout; until then nothing of them is withdrawn. Default:"
                    + " ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    Duration mesosAgentTimeout;

    @Option(
            names = "--source-ca",
            paramLabel = "[URL=]FILE",
            description = "Certificates (PEM) of the authorities to trust, instead of Java's; with URL= only for the"
                    + " sources whose URL begins so. Repeatable.")
    List<String> sourceCa = List.of();

    @Option(
            names = "--source-token",
            paramLabel = "[URL=]FILE",
            description = "File with a token, sent as 'Authorization: token=TOKEN', or with a whole value such as"
                    + " 'Bearer TOKEN' or 'Basic BASE64'. Read again when it is refused. Repeatable.")
    List<String> sourceToken = List.of();

    @Option(
            names = "--source-service-account",
            paramLabel = "[URL=]FILE",
            description = "JSON file of a DC/OS service account: uid, private_key and, if the login is not at the"
                    + " source's own server, login_endpoint. Repeatable.")
    List<String> sourceServiceAccount = List.of();

    SourceRole role() throws WrongUsageException {
        if (mesosAgentInterval.isZero()) {
            throw new WrongUsageException("--mesos-agent-interval is zero; give 2s");
        }
        List<ServerUrl> agents = new ArrayList<>();
        for (String url : mesosAgents) {
            agents.add(parsed("--mesos-agent", url, ServerUrl::parse));
        }
        List<SourceRole.MesosCluster> clusters = new ArrayList<>();
        for (String url : mesos) {
            clusters.add(
                    ZooKeeperUrl.matches(url)
                            ? new SourceRole.MesosCluster.Elected(parsed("--mesos", url, ZooKeeperUrl::parse))
                            : new SourceRole.MesosCluster.Masters(parsed("--mesos", url, ServerUrl::parseList)));
        }
        return new SourceRole(
                marathons(),
                clusters.stream().distinct().toList(),
                agents.stream().distinct().toList(),
                mesosAgentInterval,
                mesosAgentTimeout,
                new SourceAccess(
                        ScopedFiles.parse(sourceCa),
                        ScopedFiles.parse(sourceToken),
                        ScopedFiles.parse(sourceServiceAccount)));
    }

    private List<MarathonSettings> marathons() throws WrongUsageException {
        if (marathonResync.isZero()) {
            throw new WrongUsageException("--marathon-resync is zero; give 5m");
        }
        List<MarathonSettings> all = new ArrayList<>();
        for (String urls : marathon) {
            MarathonSettings one =
                    new MarathonSettings(parsed("--marathon", urls, ServerUrl::parseList), marathonResync);
            if (all.stream().anyMatch(one::overlaps)) {
                throw new WrongUsageException("--marathon: a member of " + one.id()
                        + " is given twice; the members of one Marathon stand in one value, with commas between");
            }
            all.add(one);
        }
        return List.copyOf(all);
    }

    /** Reads one value; its message names no secret. */
    interface Parser<T> {
        T parse(String text);
    }

    static <T> T parsed(String option, String text, Parser<T> parser) throws WrongUsageException {
        try {
            return parser.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(option + ": " + e.getMessage());
        }
    }
}

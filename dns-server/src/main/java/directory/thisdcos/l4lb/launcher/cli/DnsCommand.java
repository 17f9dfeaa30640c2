package directory.thisdcos.l4lb.launcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the DNS server as any client would, where no dig is installed. */
@Command(
        name = "dns",
        description = {"Asks a DNS server of ours.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nTry it:%n",
        footer = {
            "  ./l4lb dns query my-service.marathon.l4lb.thisdcos.directory",
            "  ./l4lb dns query _5555._tcp.my-service.marathon.l4lb.thisdcos.directory SRV",
            "  ./l4lb dns zone export l4lb.thisdcos.directory"
        },
        subcommands = DnsCommand.Zone.class)
final class DnsCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Whom to ask. */
    static final class Server {
        @Option(
                names = "--server",
                paramLabel = "ADDR[:PORT]",
                defaultValue = "${env:L4LB_DNS_SERVER:-127.0.0.1:5454}",
                description = "The DNS server; also L4LB_DNS_SERVER in the environment. Default: 127.0.0.1:5454.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String server;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Prints this help.")
        boolean help;

        InetSocketAddress address() throws CommandFailedException {
            boolean bare = server.startsWith("[") ? server.endsWith("]") : server.indexOf(':') < 0;
            int colon = bare ? server.length() : server.lastIndexOf(':');
            String port = bare ? "53" : server.substring(colon + 1);
            try {
                return new InetSocketAddress(
                        InetAddress.getAllByName(server.substring(0, colon))[0], Integer.parseInt(port));
            } catch (UnknownHostException | IllegalArgumentException e) {
                throw new CommandFailedException("--server " + server + ": write ADDR or ADDR:PORT", e);
            }
        }
    }

    private static Name name(String text) throws CommandFailedException {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new CommandFailedException("'" + text + "' is no domain name: " + e.getMessage(), e);
        }
    }

    @Command(
            name = "query",
            description = "Prints the records of an answer; ends with 1 when there are none, with the reason.")
    int query(
            @Mixin Server server,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "TYPE", arity = "0..1", defaultValue = "A", description = "Default: A.")
                    String type)
            throws CommandFailedException {
        int number = Type.value(type);
        if (number < 0) {
            throw new CommandFailedException("'" + type + "' is no record type; write A, AAAA, SRV, TXT, PTR, ...");
        }
        Message query = Message.newQuery(Record.newRecord(name(name), number, DClass.IN));
        InetSocketAddress address = server.address();
        try {
            SimpleResolver resolver = new SimpleResolver(address);
            resolver.setTimeout(PATIENCE);
            return show(name, type, resolver.send(query));
        } catch (IOException e) {
            throw new CommandFailedException(address + " gave no answer: " + e.getMessage(), e);
        }
    }

    private int show(String name, String type, Message answer) throws CommandFailedException {
        PrintWriter out = spec.commandLine().getOut();
        List<Record> records = answer.getSection(Section.ANSWER);
        records.forEach(record -> out.println(record.toString().replace('\t', ' ')));
        out.flush();
        if (answer.getRcode() != Rcode.NOERROR) {
            throw new CommandFailedException(name + ": " + Rcode.string(answer.getRcode()));
        }
        if (records.isEmpty()) {
            throw new CommandFailedException(name + " has no " + type + " record"
                    + (answer.getHeader().getFlag(Flags.AA) ? "" : "; this server has no authority for it"));
        }
        return 0;
    }

    /** Whole zones. */
    @Command(name = "zone", description = "Zones as a whole.", synopsisSubcommandLabel = "COMMAND")
    static final class Zone {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Prints this help.")
        boolean help;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        private CommandSpec spec;

        @Command(
                name = "export",
                description = "Prints a zone as a master file (RFC 1035), by a zone transfer. The server must allow it"
                        + " to this machine; ours does to loopback.")
        int export(
                @Mixin Server server,
                @Parameters(
                                paramLabel = "ZONE",
                                arity = "0..1",
                                defaultValue = "l4lb.thisdcos.directory",
                                description = "Default: ${DEFAULT-VALUE}.")
                        String zone)
                throws CommandFailedException {
            InetSocketAddress address = server.address();
            PrintWriter out = spec.commandLine().getOut();
            try {
                ZoneTransferIn transfer = ZoneTransferIn.newAXFR(name(zone), address, null);
                transfer.setTimeout(PATIENCE);
                transfer.run();
                List<Record> records = transfer.getAXFR();
                // A transfer ends with the SOA that it began with (RFC 5936); a file has it once.
                records.subList(0, records.size() - 1).forEach(record -> out.println(record.toString()));
                out.flush();
                return 0;
            } catch (IOException | ZoneTransferException e) {
                throw new CommandFailedException(
                        address + " did not give the zone " + zone + ": " + e.getMessage()
                                + "; does it serve it, and is this machine in --transfer-to?",
                        e);
            }
        }
    }
}

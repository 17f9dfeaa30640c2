package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.netlink.Attributes;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.netlink.GenericFamily;
import directory.thisdcos.l4lb.netlink.MessageBuffer;
import directory.thisdcos.l4lb.netlink.NetlinkException;
import directory.thisdcos.l4lb.netlink.NetlinkSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The kernel's table over generic netlink. Runs on: whoever holds the engine's lock. */
final class NetlinkIpvs implements IpvsTable {
    /** /proc/net would be the main thread's network namespace. */
    private static final Path PROC_TABLE = Path.of("/proc/thread-self/net/ip_vs");

    private static final Path PROC_CONNECTIONS = Path.of("/proc/thread-self/net/ip_vs_conn");

    /** Most operations fit into this; an estimate, not a limit. */
    private static final int BYTES_PER_OPERATION = 128;

    /** More services than that and one look at all is cheaper. */
    private static final int FEW = 100;

    private final NetlinkSocket socket;
    private int family;

    /** What {@link #showTable} last saw. */
    private byte[] shownText = {};

    private Map<ServiceId, ProcTable.Service> shown = Map.of();

    private NetlinkIpvs(NetlinkSocket socket, int family) {
        this.socket = socket;
        this.family = family;
    }

    /**
     * Opens the table of the calling thread's network namespace, and loads the module if need be.
     *
     * @throws NetlinkException ENOENT: the kernel has no IPVS; EPERM: no CAP_NET_ADMIN in the initial user namespace
     */
    static NetlinkIpvs open(Duration timeout) throws NetlinkException {
        NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETLINK_GENERIC, timeout);
        try {
            int family = GenericFamily.resolve(socket, IpvsMessages.FAMILY, IpvsMessages.MODULE);
            // Every command needs the right to administer; the cheapest one shows whether we have it.
            socket.request(IpvsMessages.command(
                    new MessageBuffer(), family, IpvsMessages.CMD_GET_INFO, MessageBuffer.NLM_F_ACK));
            return new NetlinkIpvs(socket, family);
        } catch (NetlinkException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public int[] execute(List<IpvsOp> operations) throws NetlinkException {
        int[] errors = send(operations);
        // A module that was loaded anew has another family number, and ENOENT is the answer to the old one.
        if (IntStream.of(errors).anyMatch(errno -> errno == Errno.ENOENT) && familyChanged()) {
            errors = send(operations);
        }
        return errors;
    }

    private int[] send(List<IpvsOp> operations) throws NetlinkException {
        MessageBuffer messages = new MessageBuffer(operations.size() * BYTES_PER_OPERATION + BYTES_PER_OPERATION);
        operations.forEach(operation -> IpvsMessages.encode(messages, family, operation));
        return socket.execute(messages);
    }

    private boolean familyChanged() throws NetlinkException {
        int now = GenericFamily.resolve(socket, IpvsMessages.FAMILY, IpvsMessages.MODULE);
        boolean changed = now != family;
        family = now;
        return changed;
    }

    @Override
    public Map<ServiceId, ServiceEntry> read() throws NetlinkException {
        List<KernelService> services;
        try {
            services = readServices();
        } catch (NetlinkException e) {
            if (e.errno() != Errno.ENOENT || !familyChanged()) {
                throw e;
            }
            services = readServices();
        }
        Map<ServiceId, ProcTable.Service> shown = show();
        Map<ServiceId, ServiceEntry> table = new HashMap<>();
        for (KernelService service : services) {
            List<KernelDestination> destinations = new ArrayList<>();
            ProcTable.Service like = shown.get(service.id());
            if (like != null) {
                like.destinations()
                        .forEach((address, seen) -> destinations.add(
                                new KernelDestination(address, seen.forwarding(), seen.weight(), 0, 0)));
            } else if (service.id() instanceof ServiceId.Mark) {
                dumpDestinations(service.id(), (destination, message) -> destinations.add(destination));
            }
            table.put(service.id(), ServiceEntry.of(service, destinations));
        }
        return table;
    }

    @Override
    public Map<ServiceId, ProcTable.Service> show() throws NetlinkException {
        return ProcTable.parse(procTable());
    }

    @Override
    public Map<ServiceId, ProcTable.Service> showTable() throws NetlinkException {
        byte[] text = procTable();
        if (!ProcShape.same(shownText, text)) {
            shown = ProcTable.parse(text);
            shownText = text;
        }
        return shown;
    }

    @Override
    public Map<ServiceId, Map<Endpoint, ProcTable.Destination>> destinations(Collection<ServiceId> services)
            throws NetlinkException {
        boolean few = services.size() <= FEW;
        Map<ServiceId, Map<Endpoint, ProcTable.Destination>> all =
                few ? new HashMap<>() : IpvsTable.super.destinations(services);
        for (ServiceId id : services) {
            if (!few && id instanceof ServiceId.Address) {
                continue;
            }
            Map<Endpoint, ProcTable.Destination> destinations = new HashMap<>();
            dumpDestinations(
                    id,
                    (destination, message) ->
                            destinations.put(destination.address(), CounterMessages.connections(message, destination)));
            if (!destinations.isEmpty()) {
                all.put(id, destinations);
            }
        }
        return all;
    }

    private static byte[] procTable() throws NetlinkException {
        try {
            return Files.readAllBytes(PROC_TABLE);
        } catch (IOException e) {
            throw new NetlinkException(Errno.ENOENT, "reading " + PROC_TABLE + " (" + e.getMessage() + ")");
        }
    }

    @Override
    public Set<DestinationKey> inUse(Collection<DestinationKey> destinations) throws NetlinkException {
        try (BufferedReader reader = Files.newBufferedReader(PROC_CONNECTIONS, US_ASCII)) {
            return ConnectionTable.inUse(reader, destinations);
        } catch (IOException e) {
            throw new NetlinkException(Errno.ENOENT, "reading " + PROC_CONNECTIONS + " (" + e.getMessage() + ")");
        }
    }

    private List<KernelService> readServices() throws NetlinkException {
        // A dump may repeat a service when the table changes meanwhile; the map above takes each once.
        List<KernelService> services = new ArrayList<>();
        MessageBuffer request = IpvsMessages.command(
                new MessageBuffer(), family, IpvsMessages.CMD_GET_SERVICE, MessageBuffer.NLM_F_DUMP);
        socket.dump(request, (type, payload) -> services.add(IpvsMessages.decodeService(attributes(payload))));
        return services;
    }

    @Override
    public Optional<ServiceEntry> readExactly(ServiceId id) throws NetlinkException {
        MessageBuffer question = IpvsMessages.key(
                IpvsMessages.command(
                        new MessageBuffer(), family, IpvsMessages.CMD_GET_SERVICE, MessageBuffer.NLM_F_ACK),
                id);
        List<ByteBuffer> answers;
        try {
            answers = socket.request(question);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        KernelService service = IpvsMessages.decodeService(attributes(answers.get(0)));
        List<KernelDestination> destinations = new ArrayList<>();
        dumpDestinations(id, (destination, message) -> destinations.add(destination));
        return Optional.of(ServiceEntry.of(service, destinations));
    }

    @FunctionalInterface
    private interface DestinationReader {
        void read(KernelDestination destination, Attributes message) throws NetlinkException;
    }

    /** None for a service that does not exist. */
    private void dumpDestinations(ServiceId id, DestinationReader reader) throws NetlinkException {
        MessageBuffer request = IpvsMessages.key(
                IpvsMessages.command(new MessageBuffer(), family, IpvsMessages.CMD_GET_DEST, MessageBuffer.NLM_F_DUMP),
                id);
        socket.dump(request, (type, payload) -> {
            Attributes message = attributes(payload);
            reader.read(IpvsMessages.decodeDestination(message, id.family()), message);
        });
    }

    @Override
    public Timeouts timeouts() throws NetlinkException {
        List<ByteBuffer> answers = socket.request(IpvsMessages.command(
                new MessageBuffer(), family, IpvsMessages.CMD_GET_CONFIG, MessageBuffer.NLM_F_ACK));
        if (answers.isEmpty()) {
            throw new NetlinkException(Errno.EPROTO, "the kernel did not tell its timeouts");
        }
        return IpvsMessages.decodeTimeouts(attributes(answers.get(0)));
    }

    @Override
    public void setTimeouts(Timeouts timeouts) throws NetlinkException {
        socket.request(IpvsMessages.timeouts(
                IpvsMessages.command(new MessageBuffer(), family, IpvsMessages.CMD_SET_CONFIG, MessageBuffer.NLM_F_ACK),
                timeouts));
    }

    @Override
    public List<SyncDaemon> daemons() throws NetlinkException {
        List<SyncDaemon> daemons = new ArrayList<>();
        socket.dump(
                IpvsMessages.command(
                        new MessageBuffer(), family, IpvsMessages.CMD_GET_DAEMON, MessageBuffer.NLM_F_DUMP),
                (type, payload) -> daemons.add(IpvsMessages.decodeDaemon(attributes(payload))));
        return daemons;
    }

    @Override
    public int start(SyncDaemon daemon) throws NetlinkException {
        return ask(daemon, IpvsMessages.CMD_NEW_DAEMON);
    }

    @Override
    public void stop(SyncDaemon daemon) throws NetlinkException {
        ask(daemon, IpvsMessages.CMD_DEL_DAEMON);
    }

    private int ask(SyncDaemon daemon, int command) throws NetlinkException {
        return socket.execute(
                        IpvsMessages.daemon(IpvsMessages.command(new MessageBuffer(), family, command, 0), daemon))[0];
    }

    private static Attributes attributes(ByteBuffer payload) throws NetlinkException {
        return Attributes.parse(payload.position(IpvsMessages.GENL_HEADER_BYTES));
    }

    @Override
    public void close() {
        socket.close();
    }
}

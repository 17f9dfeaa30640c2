package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.ExtendedError;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Query;
import directory.thisdcos.l4lb.dns.wire.Rcode;
import directory.thisdcos.l4lb.dns.wire.ResponseWriter;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Alias;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.Zone;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request after the other. Holds the scratch space for one thread; everything shared is immutable or a
 * counter. A plain query of our zones allocates nothing; one with a cookie a few octets.
 */
public final class Answerer {

    /** The request gets no response. */
    public static final int DROPPED = 0;

    /** The request is for a resolver; {@link #deferred} has it. */
    public static final int DEFERRED = -1;

    /** The answer is many messages; {@link #transfer} has them. Only over a stream. */
    public static final int TRANSFER = -2;

    /** Queries that {@link #lookAhead} takes at once. */
    public static final int MAX_AHEAD = 64;

    /** Octets that the output array needs for a transport. */
    public static int bufferSize(Transport transport) {
        return (transport == Transport.UDP ? Wire.EDNS_UDP : Wire.MAX_MESSAGE) + ResponseWriter.SLACK;
    }

    private final Supplier<Catalog> catalog;
    private final AnswerPolicy policy;
    private final Tally tally;
    private final KnownAnswers known;
    private final Chaos chaos;
    private final Query query = new Query();
    private final ResponseWriter writer = new ResponseWriter();
    private final Lookup lookup = new Lookup(writer);
    private final OptRecord opt;
    private final NameView renamed = new NameView();
    private final QueriesAhead ahead = new QueriesAhead(MAX_AHEAD);
    private final int deepestAlias;
    private final ErrorBudget errors = new ErrorBudget(System::nanoTime);

    private byte[] out = {};
    private Optional<Signature> signature = Optional.empty();
    private @Nullable Transfer transfer;
    private Transport transport = Transport.UDP;
    private InetAddress client = InetAddress.getLoopbackAddress();

    public Answerer(Supplier<Catalog> catalog, AnswerPolicy policy, AnswerCounters counters) {
        this(catalog, policy, counters, KnownAnswers.NONE);
    }

    public Answerer(Supplier<Catalog> catalog, AnswerPolicy policy, AnswerCounters counters, KnownAnswers known) {
        this.known = known;
        this.catalog = catalog;
        this.policy = policy;
        this.tally = counters.newTally();
        this.chaos = new Chaos(policy.serverId());
        this.opt = new OptRecord(policy.serverId());
        this.deepestAlias = policy.aliases().stream()
                .mapToInt(alias -> alias.shown().labels())
                .max()
                .orElse(0);
    }

    /**
     * Tells which requests will be answered next, so that what their answers need is in the processor's caches by then.
     *
     * @param lengths octets of each request that count; -1 for one to be passed over
     * @param count at most {@value #MAX_AHEAD}
     */
    public void lookAhead(byte[][] requests, int[] lengths, int count) {
        ahead.look(catalog.get(), requests, lengths, count);
    }

    /**
     * Answers the first {@code length} octets of {@code request}.
     *
     * @param output at least {@link #bufferSize} octets
     * @return the size of the response in {@code output}, or {@link #DROPPED}, {@link #DEFERRED} or
     *     {@link #TRANSFER}
     */
    public int answer(byte[] request, int length, Transport by, InetAddress from, byte[] output) {
        return answer(request, query.parse(request, length), by, from, output);
    }

    /** The same for the {@code index}th of the last {@link #lookAhead}, whose octets are still what they were then. */
    public int answerAhead(int index, byte[] request, int length, Transport by, InetAddress from, byte[] output) {
        Query.Parsed parsed = query.parse(request, length, ahead.name(index), ahead.nameEnd(index));
        return answer(request, parsed, by, from, output);
    }

    private int answer(byte[] request, Query.Parsed parsed, Transport by, InetAddress from, byte[] output) {
        out = output;
        transport = by;
        client = from;
        signature = Optional.empty();
        int size = switch (parsed) {
            case DROP -> DROPPED;
            case UNKNOWN_OPCODE -> headerOnly(Rcode.NOTIMP);
            case NO_QUESTION -> headerOnly(Rcode.FORMERR);
            case COOKIE_ONLY -> plain(Rcode.NOERROR, null);
            case MALFORMED -> plain(Rcode.FORMERR, null);
            case QUESTION -> query.isSigned() ? signed() : question();
        };
        size = size > 0 && transport == Transport.UDP ? limited(size, request) : size;
        if (size == DROPPED) {
            tally.dropped();
        }
        return size;
    }

    /**
     * What was answered since the last call, and not deferred, has been sent.
     *
     * @param nanos since it was received
     */
    public void took(long nanos) {
        tally.took(nanos);
    }

    private int limited(int size, byte[] request) {
        if (client.isLoopbackAddress()) {
            return size;
        }
        int cookie = query.serverCookie(ServerCookies.SIZE);
        boolean shown = cookie >= 0 && ServerCookies.OF_THIS_PROCESS.isOurs(request, cookie, client);
        RateLimit.Verdict verdict = policy.limit().take(client, shown);
        // Who is local is asked last: a flood must not pay for it.
        if (verdict == RateLimit.Verdict.SEND || policy.mayRecurse(client)) {
            return size;
        }
        return verdict == RateLimit.Verdict.TRUNCATE ? writer.cut(size) : DROPPED;
    }

    /** The query for which {@link #answer} has just returned {@link #DEFERRED}. */
    public DeferredQuery deferred() {
        opt.prepare(query, transport, client, null);
        return new DeferredQuery(
                query.id(),
                query.flags() & (Wire.RD | Wire.AD | Wire.CD),
                query.question(),
                opt.copy(),
                query.dnssecOk(),
                sizeLimit(),
                transport);
    }

    /** The messages for which {@link #answer} has just returned {@link #TRANSFER}. */
    public Transfer transfer() {
        return Objects.requireNonNull(transfer);
    }

    private int signed() {
        signature = Signature.verify(query.copy(), policy.transfers().keys().get());
        if (signature.isEmpty()) {
            return plain(Rcode.FORMERR, null);
        }
        Signature verified = signature.get();
        if (!verified.isValid()) {
            return verified.sign(out, plain(Rcode.NOTAUTH, null));
        }
        byte[] bare = query.unsigned();
        query.parse(bare, bare.length);
        int size = question();
        // What a resolver answers could only be signed by it.
        int signable = size == DEFERRED ? plain(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE) : size;
        return signable > 0 ? verified.sign(out, signable) : signable;
    }

    private int question() {
        if (query.opcode() == Wire.UPDATE) {
            return plain(Rcode.NOTIMP, null);
        }
        if (query.opcode() == Wire.NOTIFY) {
            return plain(Rcode.REFUSED, null);
        }
        if (query.version() > 0) {
            return plain(Rcode.BADVERS, null);
        }
        int type = query.type();
        if (type == Type.OPT || type == Type.TKEY || type == Type.TSIG) {
            return plain(Rcode.FORMERR, null);
        }
        if (query.qclass() == Wire.CHAOS) {
            return chaos();
        }
        if (query.qclass() != Wire.IN && query.qclass() != Wire.CLASS_ANY) {
            return plain(Rcode.REFUSED, null);
        }
        if (type == Type.AXFR || type == Type.IXFR) {
            return transfer(type);
        }
        return lookUp(type);
    }

    private int lookUp(int type) {
        Catalog zones = catalog.get();
        Zone zone = Lookup.zoneOf(zones, query.name(), type);
        // An alias has two labels or more, so names of a zone that is as deep need no second look.
        int depth = zone == null ? 0 : zone.depth();
        Alias alias = depth >= deepestAlias ? null : alias(depth);
        Zone real = alias != null && toReal(alias) ? zones.above(renamed, 0) : null;
        if (real != null) {
            return real.isReady() ? lookUp(zones, real, renamed, alias) : notReady();
        }
        if (zone == null) {
            return outside();
        }
        return zone.isReady() ? lookUp(zones, zone, query.name(), null) : notReady();
    }

    private int notReady() {
        return plain(Rcode.SERVFAIL, ExtendedError.NOT_READY);
    }

    private int lookUp(Catalog zones, Zone zone, NameView name, @Nullable Alias alias) {
        begin(null);
        if (alias != null) {
            writer.rename(alias.real(), alias.shown());
        }
        Rcode rcode = lookup.run(query, name, zones, zone);
        boolean authoritative = lookup.isAuthoritative() && query.qclass() == Wire.IN;
        return finish(rcode, authoritative ? Wire.AA : 0);
    }

    /** The longest alias of more than {@code depth} labels that the question's name is below. */
    private @Nullable Alias alias(int depth) {
        Alias best = null;
        for (Alias alias : policy.aliases()) {
            int labels = alias.shown().labels();
            if (labels > depth && (best == null || labels > best.shown().labels()) && alias.match(query.name()) >= 0) {
                best = alias;
            }
        }
        return best;
    }

    /** Makes the question's name below the alias's real suffix; false if that would be over-long. */
    private boolean toReal(Alias alias) {
        return query.name().graft(alias.match(query.name()), alias.real().wire(), 0, renamed);
    }

    private int outside() {
        if (!policy.recursion()) {
            return plain(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        if (!policy.mayRecurse(client)) {
            return plain(Rcode.REFUSED, ExtendedError.PROHIBITED);
        }
        if (!query.isSet(Wire.RD) || query.qclass() != Wire.IN) {
            return plain(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        opt.prepare(query, transport, client, null);
        int size = known.answer(query, opt.bytes(), opt.size(), sizeLimit(), out);
        if (size == KnownAnswers.UNKNOWN) {
            return DEFERRED;
        }
        tally.answered(transport, Wire.u16(out, 2) & 0xf);
        return size;
    }

    private int transfer(int type) {
        if (!transport.isStream() && type == Type.AXFR) {
            return plain(Rcode.FORMERR, null);
        }
        if (!policy.transfers().allows(client, signature.isPresent())) {
            return plain(Rcode.REFUSED, ExtendedError.TRANSFER_PROHIBITED);
        }
        Zone zone = catalog.get().at(query.name(), 0);
        if (zone == null) {
            return plain(Rcode.NOTAUTH, ExtendedError.NOT_AUTHORITATIVE);
        }
        if (!zone.isReady()) {
            return notReady();
        }
        opt.prepare(query, transport, client, null);
        TransferMaker maker = new TransferMaker(policy.transfers().history(), query.copy(), signature, opt.copy());
        transfer = type == Type.AXFR ? maker.whole(zone) : maker.incremental(zone, transport.isStream());
        if (transfer == null) {
            return plain(Rcode.FORMERR, null);
        }
        tally.answered(transport, Rcode.NOERROR.value());
        if (transport.isStream()) {
            return TRANSFER;
        }
        byte[] only = transfer.next();
        System.arraycopy(only, 0, out, 0, only.length);
        return only.length;
    }

    private int chaos() {
        var text = chaos.find(query.name());
        if (text.isEmpty() || (query.type() != Type.TXT && query.type() != Type.ANY)) {
            return plain(Rcode.REFUSED, null);
        }
        begin(null);
        writer.section(ResponseWriter.Section.ANSWER);
        writer.addAtQuestion(text.get(), 0);
        return finish(Rcode.NOERROR, 0);
    }

    /** A response without records, with the question: stub resolvers ignore an error that does not repeat it. */
    private int plain(Rcode rcode, @Nullable ExtendedError error) {
        begin(error);
        return finish(rcode, 0);
    }

    private int headerOnly(Rcode rcode) {
        if (transport == Transport.UDP && !errors.take()) {
            return DROPPED;
        }
        opt.prepare(query, transport, client, null);
        writer.beginWithoutQuestion(out, sizeLimit());
        return finish(rcode, 0);
    }

    private void begin(@Nullable ExtendedError error) {
        opt.prepare(query, transport, client, error);
        writer.begin(query, out, sizeLimit() - opt.size());
    }

    private int sizeLimit() {
        int size = transport.isStream() ? Wire.MAX_MESSAGE : Math.min(query.udpSize(), Wire.EDNS_UDP);
        return signature.isEmpty() ? size : size - signature.get().size();
    }

    private int finish(Rcode rcode, int flags) {
        tally.answered(transport, rcode.value());
        int opcode = query.opcode();
        // Other operations have no use for the flags of a query: RFC 8906 §3.1.4, test "opcodeflg".
        int copied =
                opcode == Wire.QUERY ? (query.flags() & (Wire.RD | Wire.CD)) | (policy.recursion() ? Wire.RA : 0) : 0;
        opt.pad(query, transport, writer.size());
        return writer.finish(query.id(), opcode << 11 | flags | copied, rcode, opt.bytes(), opt.size());
    }
}

package directory.thisdcos.l4lb.model;

import java.util.List;
import java.util.Optional;

/**
 * A 64-bit digest of typed fields, equal on every machine and in every release: FNV-1a over the fields' octets, mixed
 * at the end by MurmurHash3's finaliser. It finds accidents; it is no defence against an attacker.
 */
final class Digest {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Its powers, 0 to 8: an octet of zero only multiplies, so a run of them is one multiplication. */
    private static final long[] POWERS = new long[Long.BYTES + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * FNV_PRIME;
        }
    }

    /** Modulo 2^64. */
    private static final long FNV_PRIME_SQUARED = 0x366000002e329L;

    private long value = FNV_OFFSET;

    Digest add(String text) {
        // Not in the field: most of the time in which a table is read is spent here.
        long next = value;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            next = c <= 0xff
                    ? (next ^ c) * FNV_PRIME_SQUARED
                    : ((next ^ (c & 0xff)) * FNV_PRIME ^ (c >>> 8)) * FNV_PRIME;
        }
        value = next;
        // A terminator, so that ("ab","c") and ("a","bc") differ.
        step(0x1ff);
        return this;
    }

    /** A text of one octet a character. */
    Digest addLatin1(byte[] octets, int from, int to) {
        long next = value;
        for (int i = from; i < to; i++) {
            next = (next ^ (octets[i] & 0xff)) * FNV_PRIME_SQUARED;
        }
        value = next;
        step(0x1ff);
        return this;
    }

    Digest add(long number) {
        int octets = 0;
        for (long rest = number; rest != 0; rest >>>= 8, octets++) {
            step((int) rest & 0xff);
        }
        value *= POWERS[Long.BYTES - octets];
        return this;
    }

    Digest add(Ip ip) {
        return add(ip.family().octets()).add(ip.high()).add(ip.low());
    }

    Digest add(ServiceKey key) {
        return add(key.target().text()).add(key.protocol().number()).add(key.port());
    }

    private void step(int octet) {
        value = (value ^ octet) * FNV_PRIME;
    }

    long value() {
        long mixed = value;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }

    static long of(Pools pools) {
        Digest digest = new Digest()
                .add("pools")
                .add(pools.v4().toString())
                .add(pools.v6().toString());
        // Tables of earlier releases hold plain ones only; their hash stays what it was.
        if (!pools.isPlain()) {
            pools.list()
                    .forEach(pool -> digest.add(pool.name())
                            .add(pool.range().toString())
                            .add(pool.reserved().toString())
                            .add(pool.suffixes().toString())
                            .add(pool.draining() ? 1 : 0));
            digest.add(pools.claimable().toString());
        }
        return digest.value();
    }

    static long of(Allocation allocation) {
        Digest digest = new Digest()
                .add("allocation")
                .add(allocation.name().fqdn())
                .add(allocation.address())
                .add(allocation.status().text())
                .add(allocation.since())
                .add(allocation.owner());
        allocation.address6().ifPresent(digest::add);
        // Only where an operator did something: other tables keep the digest that they had.
        if (!allocation.hold().equals(Hold.NONE)) {
            digest.add(allocation.hold().reserved() ? 1 : 0);
            allocation
                    .hold()
                    .former()
                    .forEach(former -> digest.add(former.address()).add(former.since()));
        }
        return digest.value();
    }

    /** Of the service alone; its backends count by themselves. */
    static long of(ServiceKey key, ServiceSpec spec) {
        Digest digest = new Digest()
                .add("service")
                .add(key)
                .add(spec.scheduler().text())
                .add(spec.since());
        // Only where it is not the default: other tables keep the digest that they had.
        if (!spec.balancing().isPlain()) {
            Balancing balancing = spec.balancing();
            digest.add(balancing.method().text())
                    .add(balancing.tunnelPort())
                    .add(balancing.persistenceSeconds())
                    .add(balancing.onePacket() ? 1 : 0)
                    .add(balancing.upperThreshold())
                    .add(balancing.lowerThreshold());
            if (!balancing.hashPort()) {
                digest.add("no-port");
            }
            if (balancing.fwmark() != 0) {
                digest.add("fwmark").add(balancing.fwmark());
            }
            if (!balancing.care().equals(Care.NONE)) {
                digest.add(balancing.care().text());
            }
        }
        for (Origin origin : spec.origins()) {
            digest.add(origin.source())
                    .add(origin.framework())
                    .add(origin.owner())
                    .add(origin.label());
            // Only where it is: tables without leases keep the digest that they had.
            if (origin.leaseMillis() != 0) {
                digest.add(origin.leaseMillis());
            }
            if (!origin.options().isEmpty()) {
                digest.add(origin.options());
            }
        }
        return digest.value();
    }

    static long of(ServiceKey key, Backend backend) {
        return of(key, BackendRows.of(List.of(backend)));
    }

    static long of(Vip vip) {
        long sum = vip.allocation().map(Digest::of).orElse(0L);
        for (VirtualService service : vip.services()) {
            sum += of(service);
        }
        return sum;
    }

    static long of(VirtualService service) {
        return of(service.key(), service.spec()) + service.backendsDigest();
    }

    /** The sum of each one's. */
    static long of(ServiceKey key, BackendRows backends) {
        // What all of them begin with is most of the text.
        long beginning = new Digest().add("backend").add(key).value;
        Digest digest = new Digest();
        long sum = 0;
        for (int row = 0; row < backends.size(); row++) {
            digest.value = beginning;
            backends.addTo(digest, row);
            sum += digest.value();
        }
        return sum;
    }

    static long of(Optional<Pools> pools) {
        return pools.map(Digest::of).orElse(0L);
    }
}

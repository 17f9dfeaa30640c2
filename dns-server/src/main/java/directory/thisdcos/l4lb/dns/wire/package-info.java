/**
 * DNS messages as bytes: a strict parser for what strangers send and a writer for what we answer.
 *
 * <pre>
 *   byte[] ──Query.parse──▶ Parsed (drop / error / ask)        NameView: the name, lower-cased, with suffix hashes
 *   ResponseWriter ◀── header, question, records, OPT ──▶ byte[]
 * </pre>
 *
 * Nothing here allocates by a count that a packet states, follows a pointer forwards, or throws for bad input. A parser
 * and a writer belong to one thread and are used again for each message.
 */
@NullMarked
package directory.thisdcos.l4lb.dns.wire;

import org.jspecify.annotations.NullMarked;

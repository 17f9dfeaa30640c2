/**
 * Sockets. UDP and TCP through Netty, epoll where there is one; all decisions are the engine's, so another transport has
 * only to carry bytes to an {@link directory.thisdcos.l4lb.dns.answer.Answerer} and back.
 */
@NullMarked
package directory.thisdcos.l4lb.dns.server;

import org.jspecify.annotations.NullMarked;

/**
 * What the server is authoritative for, as immutable snapshots.
 *
 * <pre>
 *   State + withheld ──DynamicZones─▶ Zone ─┐
 *   *.zone files ──ZoneFile──▶ Zone ────────┴─▶ Catalog      one volatile reference, read once per query
 *
 *   Zone ─▶ NodeTable (every name, empty non-terminals too) ─▶ Node ─▶ Rrset (encoded records)
 * </pre>
 *
 * Dynamic and static zones are the same structure; a new version shares with the old one what did not change.
 */
@NullMarked
package directory.thisdcos.l4lb.dns.zone;

import org.jspecify.annotations.NullMarked;

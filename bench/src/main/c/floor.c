/*
 * What the system calls cost: answers the names of a list with one address each, and nothing else, as our server does:
 * recvmmsg, answered in place, sendmmsg, where four or more answers of the same length to one socket share a packet
 * (UDP_SEGMENT). No ACL, no metrics, no EDNS options, no compression to think of. One thread.
 *
 *   floor PORT ORIGIN FILE      lines "NAME ADDRESS", names below ORIGIN, lower case, without the final dot
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, DATA = 4096, SLOTS = 1 << 22 };

struct entry {
    uint64_t hash;
    uint8_t name[256];
    uint32_t address;
};

static struct entry *table[SLOTS];
static uint8_t origin[256];
static int origin_size;

static int to_wire(const char *text, uint8_t *wire) {
    int at = 0;
    for (const char *label = text; *label;) {
        size_t size = strcspn(label, ".");
        wire[at++] = (uint8_t) size;
        memcpy(wire + at, label, size);
        at += (int) size;
        label += size + (label[size] == '.');
    }
    wire[at++] = 0;
    return at;
}

static uint64_t hash(const uint8_t *bytes, int size) {
    uint64_t folded = 0x811c9dc5c9dc5118u;
    for (int i = 0; i < size; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, size - i < 8 ? (size_t) (size - i) : 8);
        folded = (folded ^ word) * 0x9e3779b97f4a7c15u;
        folded ^= folded >> 32;
    }
    return folded;
}

static struct entry **find(const uint8_t *name, int size) {
    uint64_t wanted = hash(name, size);
    for (uint64_t slot = wanted % SLOTS;; slot = (slot + 1) % SLOTS) {
        struct entry *there = table[slot];
        if (!there || (there->hash == wanted && memcmp(there->name, name, (size_t) size) == 0)) {
            return &table[slot];
        }
    }
}

static void load(const char *file) {
    char name[512], address[64];
    FILE *in = fopen(file, "r");
    if (!in) {
        perror(file);
        exit(1);
    }
    while (fscanf(in, "%511s %63s", name, address) == 2) {
        struct entry *entry = calloc(1, sizeof *entry);
        int size = to_wire(name, entry->name);
        entry->hash = hash(entry->name, size);
        inet_pton(AF_INET, address, &entry->address);
        *find(entry->name, size) = entry;
    }
    fclose(in);
}

static int put_soa(uint8_t *out, int pointer) {
    static const uint8_t fixed[] = {0, 6, 0, 1, 0, 0, 0, 1, 0, 0};
    out[0] = (uint8_t) (0xc0 | pointer >> 8);
    out[1] = (uint8_t) pointer;
    memcpy(out + 2, fixed, sizeof fixed);
    int at = 12;
    for (int i = 0; i < 2; i++) {
        static const char *const labels[] = {"ns", "hostmaster"};
        size_t size = strlen(labels[i]);
        out[at++] = (uint8_t) size;
        memcpy(out + at, labels[i], size);
        at += (int) size;
        out[at++] = out[0];
        out[at++] = out[1];
    }
    memset(out + at, 0, 20);
    at += 20;
    out[11] = (uint8_t) (at - 12);
    return at;
}

/* The size of the answer, which replaces the query; 0 for none. */
static int answer(uint8_t *message, int size) {
    uint8_t name[256];
    int at = 12, count = 0;
    if (size < 17 || message[2] & 0xf8 || message[4] || message[5] != 1) {
        return 0;
    }
    while (at < size && message[at]) {
        int label = message[at];
        if (label > 63 || at + label + 1 >= size || count + label + 2 > 255) {
            return 0;
        }
        name[count++] = message[at++];
        for (int i = 0; i < label; i++, at++) {
            uint8_t octet = message[at];
            name[count++] = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
        }
    }
    name[count++] = 0;
    if (++at + 4 > size || count < origin_size || memcmp(name + count - origin_size, origin, (size_t) origin_size)) {
        return 0;
    }
    int type = message[at] << 8 | message[at + 1], edns = message[11] == 1 && size >= at + 15;
    at += 4;
    struct entry *entry = *find(name, count);
    message[2] = 0x84 | (message[2] & 1);
    message[3] = entry ? 0 : 3;
    memset(message + 6, 0, 6);
    if (entry && type == 1) {
        static const uint8_t fixed[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4};
        memcpy(message + at, fixed, sizeof fixed);
        memcpy(message + at + 12, &entry->address, 4);
        at += 16;
        message[7] = 1;
    } else {
        at += put_soa(message + at, 12 + count - origin_size);
        message[9] = 1;
    }
    if (edns) {
        static const uint8_t opt[] = {0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0};
        memcpy(message + at, opt, sizeof opt);
        at += (int) sizeof opt;
        message[11] = 1;
    }
    return at;
}

static struct mmsghdr headers[BATCH], replies[BATCH];
static struct iovec vectors[BATCH], placed[BATCH];
static struct sockaddr_in clients[BATCH];
static union {
    char space[CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr aligned;
} controls[BATCH];

/* Puts the answered slots into replies; how many. */
static int share(int received) {
    enum { BUCKETS = 128, MIN_SHARED = 4 };
    static int buckets[BUCKETS], group_of[BATCH], first[BATCH], members[BATCH], next[BATCH];
    int groups = 0, count = 0, place = 0;
    memset(buckets, -1, sizeof buckets);
    for (int i = 0; i < received; i++) {
        size_t size = vectors[i].iov_len;
        if (!size) {
            continue;
        }
        uint64_t client;
        memcpy(&client, &clients[i], sizeof client);
        int *group = &buckets[(client + size) * 0x9e3779b97f4a7c15u >> 57];
        if (*group < 0 || vectors[first[*group]].iov_len != size
            || memcmp(&clients[first[*group]], &clients[i], sizeof client) || (members[*group] + 1) * size > 65000) {
            *group = groups++;
            first[*group] = i;
            members[*group] = 0;
            next[*group] = -1;
        }
        group_of[i] = *group;
        members[*group]++;
    }
    for (int i = 0; i < received; i++) {
        if (!vectors[i].iov_len) {
            continue;
        }
        int group = group_of[i], together = members[group] >= MIN_SHARED ? members[group] : 1, at;
        if (together > 1 && next[group] >= 0) {
            at = next[group]++;
        } else {
            struct msghdr *reply = &replies[count].msg_hdr;
            at = place;
            place += together;
            next[group] = at + 1;
            reply->msg_name = &clients[i];
            reply->msg_namelen = sizeof clients[i];
            reply->msg_iov = &placed[at];
            reply->msg_iovlen = (size_t) together;
            reply->msg_control = together > 1 ? controls[count].space : NULL;
            reply->msg_controllen = together > 1 ? sizeof controls[count].space : 0;
            if (together > 1) {
                struct cmsghdr *control = CMSG_FIRSTHDR(reply);
                uint16_t size = (uint16_t) vectors[i].iov_len;
                control->cmsg_level = SOL_UDP;
                control->cmsg_type = 103; /* UDP_SEGMENT */
                control->cmsg_len = CMSG_LEN(sizeof size);
                memcpy(CMSG_DATA(control), &size, sizeof size);
            }
            count++;
        }
        placed[at] = vectors[i];
    }
    return count;
}

int main(int argc, char **argv) {
    static uint8_t data[BATCH][DATA];
    if (argc != 4) {
        fprintf(stderr, "floor PORT ORIGIN FILE\n");
        return 2;
    }
    origin_size = to_wire(argv[2], origin);
    load(argv[3]);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t) atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0), buffer = 4 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer);
    if (bind(fd, (struct sockaddr *) &address, sizeof address)) {
        perror("bind");
        return 1;
    }
    for (int i = 0; i < BATCH; i++) {
        vectors[i].iov_base = data[i];
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
        headers[i].msg_hdr.msg_name = &clients[i];
    }
    for (;;) {
        for (int i = 0; i < BATCH; i++) {
            vectors[i].iov_len = DATA;
            headers[i].msg_hdr.msg_namelen = sizeof clients[i];
        }
        int received = recvmmsg(fd, headers, BATCH, MSG_WAITFORONE, NULL);
        for (int i = 0; i < received; i++) {
            vectors[i].iov_len = (size_t) answer(data[i], (int) headers[i].msg_len);
        }
        int count = share(received);
        for (int sent = 0; sent < count;) {
            int done = sendmmsg(fd, replies + sent, (unsigned) (count - sent), 0);
            sent += done > 0 ? done : 1;
        }
    }
}

/* ipvs-load batch|single FILE: loads a table as `ipvsadm -R` reads it ("-A -t A:P -s S", "-a -t A:P -r A:P -m -w W"; IPv4,
 * TCP), either as batches with one barrier each, as our engine sends them, or with one message per round trip. The file is
 * parsed first; prints the milliseconds from the first message to the kernel's last answer, and the number of errors. */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH_MESSAGES 1500
#define BATCH_BYTES (180 * 1024)

static char buffer[64 * 1024 * 1024];
static size_t *starts;
static size_t used, count;

static char *at(size_t offset) { return buffer + offset; }

static void put(int type, const void *value, size_t length) {
  struct nlattr attribute = {.nla_len = NLA_HDRLEN + length, .nla_type = type};
  memcpy(at(used), &attribute, sizeof attribute);
  memcpy(at(used) + NLA_HDRLEN, value, length);
  used += NLA_ALIGN(NLA_HDRLEN + length);
}
static void u16(int type, uint16_t v) { put(type, &v, sizeof v); }
static void u32(int type, uint32_t v) { put(type, &v, sizeof v); }
static size_t nest(int type) {
  size_t start = used;
  put(type | NLA_F_NESTED, "", 0);
  return start;
}
static void end_nest(size_t start) { ((struct nlattr *)at(start))->nla_len = used - start; }

static size_t begin(int family, int command, int flags, int sequence) {
  size_t start = used;
  struct nlmsghdr header = {.nlmsg_type = family, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = sequence};
  struct genlmsghdr generic = {.cmd = command, .version = 1};
  memcpy(at(used), &header, sizeof header);
  memcpy(at(used) + NLMSG_HDRLEN, &generic, sizeof generic);
  used += NLMSG_HDRLEN + GENL_HDRLEN;
  return start;
}
static void end(size_t start) { ((struct nlmsghdr *)at(start))->nlmsg_len = used - start; }

static void address(char *text, int family, int type_address, int type_port, int type_family) {
  char *colon = strrchr(text, ':');
  struct in_addr ip;
  *colon = 0;
  inet_pton(AF_INET, text, &ip);
  u16(type_family, family);
  put(type_address, &ip, sizeof ip);
  u16(type_port, htons(atoi(colon + 1)));
}

static int exchange(int fd, size_t from, size_t bytes, int last) {
  static char in[65536];
  int errors = 0;
  if (send(fd, at(from), bytes, 0) < 0) {
    perror("send");
    exit(1);
  }
  for (;;) {
    ssize_t length = recv(fd, in, sizeof in, 0);
    if (length < 0) {
      perror("recv");
      exit(1);
    }
    for (struct nlmsghdr *h = (void *)in; NLMSG_OK(h, length); h = NLMSG_NEXT(h, length)) {
      if (h->nlmsg_type == NLMSG_ERROR) {
        errors += ((struct nlmsgerr *)NLMSG_DATA(h))->error != 0;
        if ((int)h->nlmsg_seq == last) return errors;
      }
    }
  }
}

static int resolve(int fd) {
  static char in[4096];
  size_t start = begin(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, 1);
  put(CTRL_ATTR_FAMILY_NAME, "IPVS", 5);
  end(start);
  send(fd, at(0), used, 0);
  ssize_t length = recv(fd, in, sizeof in, 0);
  used = 0;
  for (char *a = in + NLMSG_HDRLEN + GENL_HDRLEN; a < in + length; a += NLA_ALIGN(((struct nlattr *)a)->nla_len))
    if (((struct nlattr *)a)->nla_type == CTRL_ATTR_FAMILY_ID) return *(uint16_t *)(a + NLA_HDRLEN);
  fprintf(stderr, "no family IPVS\n");
  exit(1);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int single = strcmp(argv[1], "single") == 0;
  FILE *file = fopen(argv[2], "r");
  if (!file) return 2;
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC), size = 4 << 20, on = 1;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  int family = resolve(fd);
  starts = calloc(2000000, sizeof *starts);
  char service[64];
  char line[256];
  while (fgets(line, sizeof line, file)) {
    int add = line[1] == 'A', weight = 1;
    char scheduler[32] = "", server[64] = "";
    if (add ? sscanf(line, "-A -t %63s -s %31s", service, scheduler) != 2
            : sscanf(line, "-a -t %63s -r %63s -m -w %d", service, server, &weight) != 3)
      continue;
    starts[count] = begin(family, add ? IPVS_CMD_NEW_SERVICE : IPVS_CMD_NEW_DEST, single ? NLM_F_ACK : 0, count + 2);
    size_t n = nest(IPVS_CMD_ATTR_SERVICE);
    u16(IPVS_SVC_ATTR_PROTOCOL, 6);
    address(service, AF_INET, IPVS_SVC_ATTR_ADDR, IPVS_SVC_ATTR_PORT, IPVS_SVC_ATTR_AF);
    if (add) {
      struct ip_vs_flags flags = {.flags = 0, .mask = ~0};
      put(IPVS_SVC_ATTR_SCHED_NAME, scheduler, strlen(scheduler) + 1);
      put(IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
      u32(IPVS_SVC_ATTR_TIMEOUT, 0);
      u32(IPVS_SVC_ATTR_NETMASK, ~0);
    }
    end_nest(n);
    if (!add) {
      n = nest(IPVS_CMD_ATTR_DEST);
      address(server, AF_INET, IPVS_DEST_ATTR_ADDR, IPVS_DEST_ATTR_PORT, IPVS_DEST_ATTR_ADDR_FAMILY);
      u32(IPVS_DEST_ATTR_FWD_METHOD, 0);
      u32(IPVS_DEST_ATTR_WEIGHT, weight);
      u32(IPVS_DEST_ATTR_U_THRESH, 0);
      u32(IPVS_DEST_ATTR_L_THRESH, 0);
      end_nest(n);
    }
    end(starts[count++]);
  }
  starts[count] = used;
  struct timespec a, b;
  int errors = 0;
  clock_gettime(CLOCK_MONOTONIC, &a);
  if (single) {
    for (size_t i = 0; i < count; i++) errors += exchange(fd, starts[i], starts[i + 1] - starts[i], i + 2);
  } else {
    for (size_t i = 0; i < count;) {
      size_t e = i;
      while (e < count && e - i < BATCH_MESSAGES && starts[e + 1] - starts[i] < BATCH_BYTES) e++;
      /* The last message of a batch is its barrier. */
      ((struct nlmsghdr *)at(starts[e - 1]))->nlmsg_flags |= NLM_F_ACK;
      errors += exchange(fd, starts[i], starts[e] - starts[i], e + 1);
      i = e;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  printf("%.1f %d %zu\n", (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6, errors, count);
  return errors != 0;
}

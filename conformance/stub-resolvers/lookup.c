/* Looks names up as programs do; prints each with its addresses, sorted as the C library gives them, or "none". */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **names) {
  struct addrinfo hints;
  memset(&hints, 0, sizeof hints);
  hints.ai_socktype = SOCK_STREAM;
  for (int i = 1; i < count; i++) {
    struct addrinfo *found;
    int error = getaddrinfo(names[i], 0, &hints, &found);
    printf("%s", names[i]);
    if (error == EAI_NONAME) {
      printf(" none");
    } else if (error) {
      printf(" %s", gai_strerror(error));
    } else {
      for (struct addrinfo *each = found; each; each = each->ai_next) {
        char text[INET6_ADDRSTRLEN];
        void *address = each->ai_family == AF_INET
                            ? (void *)&((struct sockaddr_in *)each->ai_addr)->sin_addr
                            : (void *)&((struct sockaddr_in6 *)each->ai_addr)->sin6_addr;
        printf(" %s", inet_ntop(each->ai_family, address, text, sizeof text));
      }
    }
    puts("");
  }
}

/* The floor of a broadcast: one process that writes the same bytes to every connection in a loop.
 * Connections come to a free port; the control connection is the first one and says how many bytes
 * a line ("900\n"); it is answered with the CPU time that the round took, in microseconds. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static long used(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000L + u.ru_utime.tv_usec +
         u.ru_stime.tv_usec;
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 5000, one = 1;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  bind(server, (struct sockaddr *)&address, size);
  listen(server, 4096);
  getsockname(server, (struct sockaddr *)&address, &size);
  printf("{\"url\":\"http://127.0.0.1:%d\"}\n", ntohs(address.sin_port));
  fflush(stdout);
  int *viewers = malloc(sizeof(int) * count);
  int control = accept(server, 0, 0);
  for (int i = 0; i < count; i++) {
    viewers[i] = accept(server, 0, 0);
    setsockopt(viewers[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  }
  if (write(control, "ready\n", 6) < 0) return 1;
  char line[64], *bytes = malloc(1 << 20);
  memset(bytes, 'x', 1 << 20);
  for (ssize_t n; (n = read(control, line, sizeof line - 1)) > 0;) {
    line[n] = 0;
    int length = atoi(line);
    long before = used();
    for (int i = 0; i < count; i++)
      if (write(viewers[i], bytes, length) < 0) return 2;
    int written = snprintf(line, sizeof line, "%ld\n", used() - before);
    if (write(control, line, written) < 0) return 3;
  }
  return 0;
}

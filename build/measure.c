/* Measures fresh processes, interleaved: a function from exec to its POST /response, another program from exec to its exit.
   usage: measure COUNT EVENT -- NAME function PROGRAM -- NAME command PROGRAM ARGS... [-- ...]
   Prints one line a candidate: median and 10th percentile in ms, peak resident memory in KiB, and the ratio to the first. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Reads a request's head and its body. */
static void read_request(int fd, char *buffer, size_t size) {
  size_t n = 0;
  char *end = NULL;
  while (!end) {
    ssize_t k = read(fd, buffer + n, size - n - 1);
    if (k <= 0) {
      fprintf(stderr, "the function closed the connection\n");
      exit(1);
    }
    n += k;
    buffer[n] = 0;
    end = strstr(buffer, "\r\n\r\n");
  }
  char *length = strcasestr(buffer, "content-length:");
  size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
  while (n < (size_t)(end + 4 - buffer) + body) {
    ssize_t k = read(fd, buffer + n, size - n - 1);
    if (k <= 0) break;
    n += k;
  }
}

static void write_all(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t k = write(fd, bytes, size);
    if (k <= 0) die("write");
    bytes += k;
    size -= k;
  }
}

static long peak_kib(pid_t pid) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *f = fopen(path, "r");
  long kib = 0;
  while (f && fgets(line, sizeof line, f)) sscanf(line, "VmHWM: %ld", &kib);
  if (f) fclose(f);
  return kib;
}

static pid_t start(char **arguments) {
  pid_t pid = fork();
  if (pid == 0) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    if (!getenv("MEASURE_VERBOSE")) dup2(null, 2);
    execv(arguments[0], arguments);
    _exit(127);
  }
  return pid;
}

static double run_function(int listener, char **arguments, const char *event, size_t event_size, long *kib) {
  static char buffer[1 << 20];
  double began = now();
  pid_t pid = start(arguments);
  struct timeval patience = {20, 0};
  setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) die(arguments[0]);
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  read_request(fd, buffer, sizeof buffer);
  static char answer[1 << 20];
  long long deadline = (long long)time(NULL) * 1000 + 30000;
  int head = snprintf(answer, sizeof answer,
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n"
                      "Lambda-Runtime-Deadline-Ms: %lld\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:fasttrigger\r\n"
                      "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\nContent-Length: %zu\r\n\r\n",
                      deadline, event_size);
  memcpy(answer + head, event, event_size);
  write_all(fd, answer, head + event_size);
  read_request(fd, buffer, sizeof buffer);
  double took = now() - began;
  if (!strstr(buffer, "/response ")) {
    fprintf(stderr, "%s did not answer: %s\n", arguments[0], buffer);
    exit(1);
  }
  *kib = peak_kib(pid);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  close(fd);
  return took;
}

static double run_command(char **arguments, long *kib) {
  double began = now();
  pid_t pid = start(arguments);
  int status;
  waitpid(pid, &status, 0);
  double took = now() - began;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "%s ended with %d\n", arguments[0], WEXITSTATUS(status));
    exit(1);
  }
  *kib = 0;
  return took;
}

int main(int count_of_arguments, char **arguments) {
  if (count_of_arguments < 6) {
    fprintf(stderr, "usage: measure COUNT EVENT -- NAME function|command PROGRAM ARGS... [-- ...]\n");
    return 2;
  }
  int count = atoi(arguments[1]);
  FILE *f = fopen(arguments[2], "rb");
  if (!f) die(arguments[2]);
  static char event[1 << 19];
  size_t event_size = fread(event, 1, sizeof event, f);
  fclose(f);

  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 8)) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &size);
  char api[64];
  snprintf(api, sizeof api, "127.0.0.1:%d", ntohs(address.sin_port));
  setenv("AWS_LAMBDA_RUNTIME_API", api, 1);

  char **candidates[8];
  int n = 0;
  for (int i = 3; i < count_of_arguments; i++) {
    if (strcmp(arguments[i], "--") == 0) {
      arguments[i] = NULL;
      candidates[n++] = arguments + i + 1;
    }
  }

  double *times[8];
  long peak[8] = {0};
  for (int c = 0; c < n; c++) times[c] = calloc(count, sizeof(double));
  /* Two rounds before those that count fill the page cache and compile what the servers need. */
  for (int round = -2; round < count; round++) {
    for (int c = 0; c < n; c++) {
      long kib;
      double took = candidates[c][1][0] == 'f' ? run_function(listener, candidates[c] + 2, event, event_size, &kib) : run_command(candidates[c] + 2, &kib);
      if (round >= 0) times[c][round] = took;
      if (kib > peak[c]) peak[c] = kib;
    }
  }

  double first = 0;
  for (int c = 0; c < n; c++) {
    qsort(times[c], count, sizeof(double), by_value);
    double median = times[c][count / 2];
    if (c == 0) first = median;
    printf("%-14s median %6.2f ms   p10 %6.2f ms   peak %5ld KiB   x%.2f\n", candidates[c][0], median, times[c][count / 10], peak[c], median / first);
  }
  return 0;
}

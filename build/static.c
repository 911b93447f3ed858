/* What a static link needs beside the libraries. */
#define _GNU_SOURCE
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>

/* Names come from the hosts file and from DNS, which are in the binary. The C library would load other sources, which nsswitch.conf may
   name, from the system: modules of another version of itself, and the process would end of it. */
static void choose_sources(void) {
  extern int __nss_configure_lookup(const char *database, const char *sources);
  __nss_configure_lookup("hosts", "files dns");
}

int __real_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result);

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, choose_sources);
  return __real_getaddrinfo(node, service, hints, result);
}

/* OpenSSL asks for the processor's features before main, and again when it is first used. A virtual machine traps each such instruction.
   A start that uses no OpenSSL does without. */
void __real_OPENSSL_cpuid_setup(void);

void __wrap_OPENSSL_cpuid_setup(void) {
  static bool is_used;
  if (is_used) {
    __real_OPENSSL_cpuid_setup();
  }

  is_used = true;
}

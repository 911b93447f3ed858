/* Parts of the .NET runtime's start, as the stock function needs them. docs/performance.md has the effect of each.

   Where all functions of one of the runtime's files stand here, the linker does not take that file. When it must, because a function has
   got another name, two functions of one name fail the link. The others are replaced by --wrap (build/stock.props), and the link fails when
   there is no original. A test sees in the binary that each took effect. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

/* cgroup.cpp and cgroupcpu.cpp, control groups: Lambda shows none inside of an environment. The heap has a limit of its own
   (Core/HeapLimit.cs). */
void _Z16InitializeCGroupv(void) {}
void _Z13CleanupCGroupv(void) {}
size_t _Z32GetRestrictedPhysicalMemoryLimitv(void) { return 0; }
bool _Z21GetPhysicalMemoryUsedPm(size_t *bytes) { (void)bytes; return false; }
void _Z19InitializeCpuCGroupv(void) {}
bool _Z11GetCpuLimitPj(uint32_t *processors) { (void)processors; return false; }

/* numasupport.cpp, memory nodes: an environment has six processors at most. */
int g_highestNumaNode = 0;
bool g_numaAvailable = false;
void _Z21NUMASupportInitializev(void) {}
int _Z19GetNumaNodeNumByCpui(int processor) { (void)processor; return -1; }
long _Z16BindMemoryPolicyPvmPKmm(void *start, unsigned long bytes, const unsigned long *nodes, unsigned long count) {
  (void)start; (void)bytes; (void)nodes; (void)count; return -1;
}

#define REPLACES(name) __wrap_##name
#define ORIGINAL(name) __real_##name

/* The thread of the finalizers starts when a collection has something for it, or when somebody waits for it. */
typedef uint32_t (*thread_start)(void *);
bool ORIGINAL(_Z23PalStartFinalizerThreadPFjPvES_)(thread_start start, void *context);
void ORIGINAL(_Z20RhEnableFinalizationv)(void);
void ORIGINAL(RhWaitForPendingFinalizers)(int reentrant);

static thread_start finalizers;
static void *finalizers_context;

static void start_finalizers(void) {
  thread_start start = __atomic_exchange_n(&finalizers, NULL, __ATOMIC_ACQ_REL);
  if (start != NULL) {
    ORIGINAL(_Z23PalStartFinalizerThreadPFjPvES_)(start, finalizers_context);
  }
}

bool REPLACES(_Z23PalStartFinalizerThreadPFjPvES_)(thread_start start, void *context) {
  finalizers_context = context;
  __atomic_store_n(&finalizers, start, __ATOMIC_RELEASE);
  return true;
}

void REPLACES(_Z20RhEnableFinalizationv)(void) {
  start_finalizers();
  ORIGINAL(_Z20RhEnableFinalizationv)();
}

void REPLACES(RhWaitForPendingFinalizers)(int reentrant) {
  start_finalizers();
  ORIGINAL(RhWaitForPendingFinalizers)(reentrant);
}

/* The stack of the first thread: the C library reads /proc/self/maps to find what the kernel has told it already. */
extern void *__libc_stack_end;
int ORIGINAL(pthread_getattr_np)(pthread_t thread, pthread_attr_t *attributes);

int REPLACES(pthread_getattr_np)(pthread_t thread, pthread_attr_t *attributes) {
  struct rlimit limit;
  if (gettid() != getpid() || thread != pthread_self() || getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return ORIGINAL(pthread_getattr_np)(thread, attributes);
  }

  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t end = ((uintptr_t)__libc_stack_end + page) & ~(page - 1);
  uintptr_t size = limit.rlim_cur & ~(page - 1);
  int error = pthread_attr_init(attributes);
  return error != 0 ? error : pthread_attr_setstack(attributes, (void *)(end - size), size);
}

/* Parts of the .NET runtime's start, as the stock function needs them. docs/performance.md has the effect of each.

   Where all functions of one of the runtime's files stand here, the linker does not take that file. When it must, because a function has
   got another name, two functions of one name fail the link. The others are replaced by --wrap (build/stock.props), and the link fails when
   there is no original. A test sees in the binary that each took effect. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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
static bool has_finalizers;
static void *finalizers_context;

/* Starts the thread, and again when that failed. Returns whether it is there. */
static bool start_finalizers(void) {
  thread_start start = __atomic_exchange_n(&finalizers, NULL, __ATOMIC_ACQ_REL);
  if (start != NULL) {
    bool is_started = ORIGINAL(_Z23PalStartFinalizerThreadPFjPvES_)(start, finalizers_context);
    __atomic_store_n(&has_finalizers, is_started, __ATOMIC_RELEASE);
    __atomic_store_n(&finalizers, is_started ? NULL : start, __ATOMIC_RELEASE);
  }
  return __atomic_load_n(&has_finalizers, __ATOMIC_ACQUIRE);
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

/* Nobody would end the wait for a thread that could not be made. */
void REPLACES(RhWaitForPendingFinalizers)(int reentrant) {
  if (start_finalizers()) {
    ORIGINAL(RhWaitForPendingFinalizers)(reentrant);
  }
}

/* How many processors there are: two files of /sys, one of them twice, for what one system call says. It gives whole words, and so as many
   bits as a set of processors needs. */
int ORIGINAL(minipal_get_cpu_max_possible_count)(void);
long ORIGINAL(sysconf)(int name);

static int processors(bool possible) {
  cpu_set_t set;
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof set, &set);
  int count = bytes > 0 ? (int)bytes * 8 : 0;
  while (!possible && count > 0 && !CPU_ISSET(count - 1, &set)) {
    count--;
  }
  return count;
}

int REPLACES(minipal_get_cpu_max_possible_count)(void) {
  int count = processors(true);
  return count > 0 ? count : ORIGINAL(minipal_get_cpu_max_possible_count)();
}

long REPLACES(sysconf)(int name) {
  int count = name == _SC_NPROCESSORS_ONLN ? processors(false) : 0;
  return count > 0 ? count : ORIGINAL(sysconf)(name);
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

/* The memory of the collector. The original reserves addresses that nobody may touch, and has each part allowed before its first use: two
   system calls a part, each of which splits a mapping. Here the first reservations, which are made at the start, may be touched as a whole.
   The kernel still gives a page only when it is used, and the collector still counts what it allows itself. What may be written counts for
   RLIMIT_DATA, used or not. With such a limit, where the kernel refuses (vm.overcommit_memory=2), and for all later reservations, the
   original is called. */
#define RESERVE(prefix) prefix##_ZN15GCToOSInterface14VirtualReserveEmmjt
#define COMMIT(prefix) prefix##_ZN15GCToOSInterface13VirtualCommitEPvmt
#define DECOMMIT(prefix) prefix##_ZN15GCToOSInterface15VirtualDecommitEPvm
void *RESERVE(__real_)(size_t bytes, size_t alignment, uint32_t flags, uint16_t node);
bool COMMIT(__real_)(void *start, size_t bytes, uint16_t node);
bool DECOMMIT(__real_)(void *start, size_t bytes);

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#define PAGE 4096

/* Where the last part that was allowed ends. */
static uintptr_t grown;

static struct reservation { uintptr_t start, end; } reservations[3];
static unsigned reservation_count;

static bool is_writable(void *address) {
  for (size_t i = 0; i < sizeof reservations / sizeof *reservations; i++) {
    if ((uintptr_t)address >= reservations[i].start && (uintptr_t)address < reservations[i].end) {
      return true;
    }
  }
  return false;
}

void *RESERVE(__wrap_)(size_t bytes, size_t alignment, uint32_t flags, uint16_t node) {
  unsigned slot = __atomic_fetch_add(&reservation_count, 1, __ATOMIC_RELAXED);
  if (slot >= sizeof reservations / sizeof *reservations) {
    return RESERVE(__real_)(bytes, alignment, flags, node);
  }

  struct rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY) {
    return RESERVE(__real_)(bytes, alignment, flags, node);
  }

  void *mapped = mmap(NULL, bytes + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) {
    return RESERVE(__real_)(bytes, alignment, flags, node);
  }

  /* Large pages would cost memory that is never used. */
  madvise(mapped, bytes + alignment, MADV_NOHUGEPAGE);
  uintptr_t start = (uintptr_t)mapped;
  start = alignment == 0 ? start : (start + alignment - 1) & ~(alignment - 1);
  reservations[slot] = (struct reservation){ start, start + bytes };
  return (void *)start;
}

bool COMMIT(__wrap_)(void *start, size_t bytes, uint16_t node) {
  if (!is_writable(start)) {
    return COMMIT(__real_)(start, bytes, node);
  }

  /* What grows a second time is used to its end. One call costs less than a fault for each of its pages. Kernels before 5.14 refuse it. */
  if (bytes > PAGE) {
    uintptr_t before = __atomic_exchange_n(&grown, (uintptr_t)start + bytes, __ATOMIC_RELAXED);
    if (before == (uintptr_t)start) {
      madvise(start, bytes, MADV_POPULATE_WRITE);
    }
  }

  return true;
}

bool DECOMMIT(__wrap_)(void *start, size_t bytes) {
  return is_writable(start) ? madvise(start, bytes, MADV_DONTNEED) == 0 : DECOMMIT(__real_)(start, bytes);
}

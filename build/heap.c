/* What every native function is linked with (build/native.props).

   The heap is full when its limit is reached (Core/HeapLimit.cs). The runtime then makes an exception, which also needs memory: without
   this it fails again, and makes an exception for that, without an end. So each failure of a small object gives the exception some memory
   more, until the next collection has made room. The link fails when the runtime has no function of that name. */
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define MORE ((size_t)256 << 10)
#define MOST ((size_t)16 << 20)
#define SMALL 1024

extern size_t _ZN3WKS7gc_heap15heap_hard_limitE;
extern size_t _ZN3WKS7gc_heap23current_total_committedE;
#define limit _ZN3WKS7gc_heap15heap_hard_limitE
#define committed _ZN3WKS7gc_heap23current_total_committedE

static size_t limit_reached;

void *__real_RhpGcAlloc(void *type, uint32_t flags, uintptr_t elements, void *frame);

void *__wrap_RhpGcAlloc(void *type, uint32_t flags, uintptr_t elements, void *frame) {
  void *object = __real_RhpGcAlloc(type, flags, elements, frame);
  if (object == NULL && elements < SMALL) {
    limit_reached = limit_reached != 0 ? limit_reached : limit;
    if (limit >= limit_reached + MOST) {
      static const char message[] = "there is no memory to report that there is no memory: give the function more\n";
      (void)!write(STDERR_FILENO, message, sizeof(message) - 1);
      _exit(1);
    }

    limit += MORE;
  } else if (limit_reached != 0 && committed + MORE < limit_reached) {
    limit = limit_reached;
    limit_reached = 0;
  }

  return object;
}

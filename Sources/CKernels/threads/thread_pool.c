#include "thread_pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// About 50 microseconds of spinning bridges the gaps between the layers of a network.
enum { SPINS_BEFORE_SLEEP = 20000 };

// The state of the pool in one word, so that it changes as a whole: how many workers are inside the
// region, whether the region takes workers in, and the region's number. A worker that comes late
// finds the region closed and stays outside: on a busy machine nobody waits for it.
#define INSIDE UINT64_C(0xffff)
#define OPEN UINT64_C(0x10000)
#define NEXT_REGION (UINT64_C(1) << 32)
static inline uint64_t region_of(uint64_t state) { return state / NEXT_REGION; }

// A part of a region's indices, in a cache line of its own.
typedef struct {
  _Alignas(64) atomic_int next;
  int end;
} segment;

// Each thread begins with the segment that is its own, so that loops over the same rows find them in
// the cache of the core that wrote them; when it is empty, with the next one's.
struct thread_pool_indices {
  segment *segments;
  int count, own, tried;
};

struct thread_pool {
  void (*work)(void *context, thread_pool_indices *indices);
  void *context;
  segment *segments;   // one for each thread, the caller's first
  atomic_int started;  // workers that know their segment
  _Atomic uint64_t state;
  atomic_bool stopping;
  atomic_int sleeping;
  pthread_mutex_t mutex;  // for wake
  pthread_cond_t wake;
  pthread_mutex_t region;  // held by the thread whose region runs
  int worker_count;
  pthread_t workers[];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

int thread_pool_next(thread_pool_indices *indices) {
  for (; indices->tried < indices->count; indices->tried++) {
    segment *s = &indices->segments[(indices->own + indices->tried) % indices->count];
    int next = atomic_fetch_add(&s->next, 1);
    if (next < s->end) return next;
  }
  return -1;
}

// Works on the region, with one segment first.
static void work_from(thread_pool *pool, int own) {
  thread_pool_indices indices = {pool->segments, pool->worker_count + 1, own, 0};
  pool->work(pool->context, &indices);
}

// Waits for a region after `seen` and returns its number.
static uint64_t wait_for_region(thread_pool *pool, uint64_t seen) {
  for (int spins = 0; spins < SPINS_BEFORE_SLEEP; spins++) {
    uint64_t region = region_of(atomic_load_explicit(&pool->state, memory_order_acquire));
    if (region != seen) return region;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleeping, 1);
  while (region_of(atomic_load(&pool->state)) == seen)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleeping, 1);
  pthread_mutex_unlock(&pool->mutex);
  return region_of(atomic_load(&pool->state));
}

// Counts the caller in, unless the region has closed or another has begun.
static bool enter(thread_pool *pool, uint64_t region) {
  uint64_t state = atomic_load(&pool->state);
  while (region_of(state) == region && (state & OPEN))
    if (atomic_compare_exchange_weak(&pool->state, &state, state + 1)) return true;
  return false;
}

static void *worker(void *argument) {
  thread_pool *pool = argument;
  const int own = 1 + atomic_fetch_add(&pool->started, 1);
  for (uint64_t seen = 0;;) {
    seen = wait_for_region(pool, seen);
    if (atomic_load(&pool->stopping)) return NULL;
    if (!enter(pool, seen)) continue;
    work_from(pool, own);
    atomic_fetch_sub(&pool->state, 1);
  }
}

static void open_region(thread_pool *pool) {
  uint64_t closed = atomic_load(&pool->state);
  atomic_store(&pool->state, (region_of(closed) + 1) * NEXT_REGION | OPEN);
  if (atomic_load(&pool->sleeping) == 0) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void close_region(thread_pool *pool) {
  atomic_fetch_and(&pool->state, ~OPEN);
  for (int spins = 0; atomic_load(&pool->state) & INSIDE; spins++) {
    // A worker that lost its core in the middle of a task must get it back.
    if (spins < SPINS_BEFORE_SLEEP) pause_briefly();
    else sched_yield();
  }
}

thread_pool *thread_pool_create(int threads) {
  if (threads < 1) threads = 1;
  thread_pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof(pthread_t));
  if (!pool) return NULL;
  pool->segments = aligned_alloc(_Alignof(segment), (size_t)threads * sizeof(segment));
  if (!pool->segments) {
    free(pool);
    return NULL;
  }
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_mutex_init(&pool->region, NULL);
  pthread_cond_init(&pool->wake, NULL);
  while (pool->worker_count < threads - 1 &&
         pthread_create(&pool->workers[pool->worker_count], NULL, worker, pool) == 0)
    pool->worker_count++;
  return pool;
}

void thread_pool_destroy(thread_pool *pool) {
  atomic_store(&pool->stopping, true);
  open_region(pool);
  for (int i = 0; i < pool->worker_count; i++) pthread_join(pool->workers[i], NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->region);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->segments);
  free(pool);
}

void thread_pool_run(thread_pool *pool, int count,
                     void (*work)(void *context, thread_pool_indices *indices), void *context) {
  if (pool->worker_count == 0 || count <= 1 || pthread_mutex_trylock(&pool->region) != 0) {
    segment all = {.end = count};
    thread_pool_indices indices = {&all, 1, 0, 0};
    work(context, &indices);
    return;
  }
  pool->work = work;
  pool->context = context;
  const int threads = pool->worker_count + 1;
  for (int i = 0; i < threads; i++) {
    atomic_store(&pool->segments[i].next, (int)((int64_t)count * i / threads));
    pool->segments[i].end = (int)((int64_t)count * (i + 1) / threads);
  }
  open_region(pool);
  work_from(pool, 0);
  close_region(pool);
  pthread_mutex_unlock(&pool->region);
}

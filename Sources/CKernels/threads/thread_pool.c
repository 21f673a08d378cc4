#include "thread_pool.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

// About 50 microseconds of spinning bridges the gaps between the layers of a network.
enum { SPINS_BEFORE_SLEEP = 20000 };

struct thread_pool {
  void (*task)(void *context, int index);
  void *context;
  int count;
  atomic_int next;        // the next index to hand out
  atomic_int generation;  // counts regions; workers wait for it to change
  atomic_int running;     // workers still inside the region
  atomic_bool stopping;
  int sleeping;            // under mutex
  pthread_mutex_t mutex;   // sleeping, wake
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

static void run_indices(thread_pool *pool) {
  for (int i; (i = atomic_fetch_add(&pool->next, 1)) < pool->count;) pool->task(pool->context, i);
}

static void wait_for_region(thread_pool *pool, int seen) {
  for (int spins = 0; atomic_load_explicit(&pool->generation, memory_order_acquire) == seen;) {
    pause_briefly();
    if (++spins <= SPINS_BEFORE_SLEEP) continue;
    pthread_mutex_lock(&pool->mutex);
    pool->sleeping++;
    while (atomic_load(&pool->generation) == seen) pthread_cond_wait(&pool->wake, &pool->mutex);
    pool->sleeping--;
    pthread_mutex_unlock(&pool->mutex);
  }
}

static void *worker(void *argument) {
  thread_pool *pool = argument;
  for (int seen = 0;; seen++) {
    wait_for_region(pool, seen);
    if (atomic_load(&pool->stopping)) return NULL;
    run_indices(pool);
    atomic_fetch_sub(&pool->running, 1);
  }
}

static void open_region(thread_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->generation, 1);
  if (pool->sleeping > 0) pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

thread_pool *thread_pool_create(int threads) {
  if (threads < 1) threads = 1;
  thread_pool *pool = calloc(1, sizeof *pool + (size_t)threads * sizeof(pthread_t));
  if (!pool) return NULL;
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
  free(pool);
}

void thread_pool_run(thread_pool *pool, int count, void (*task)(void *context, int index),
                     void *context) {
  if (pool->worker_count == 0 || count <= 1 || pthread_mutex_trylock(&pool->region) != 0) {
    for (int i = 0; i < count; i++) task(context, i);
    return;
  }
  pool->task = task;
  pool->context = context;
  pool->count = count;
  atomic_store(&pool->next, 0);
  atomic_store(&pool->running, pool->worker_count);
  open_region(pool);
  run_indices(pool);
  // A worker that lost its core to another process must get it back, not be waited for in vain.
  for (int spins = 0; atomic_load(&pool->running) > 0; spins++) {
    if (spins < SPINS_BEFORE_SLEEP) pause_briefly();
    else sched_yield();
  }
  pthread_mutex_unlock(&pool->region);
}

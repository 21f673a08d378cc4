// A fork-join pool for short parallel regions: workers spin for the next region, then sleep.
#pragma once

typedef struct thread_pool thread_pool;

// Starts `threads - 1` workers; the caller of thread_pool_run is the last. NULL if none could start.
thread_pool *thread_pool_create(int threads);

// Ends the workers and frees the pool. No region may be running.
void thread_pool_destroy(thread_pool *pool);

// Calls task(context, index) once for each index in 0 ..< count, on any of the threads, and returns
// when all are done. Who runs an index is left open, so a result must not depend on it.
// While another thread runs a region in this pool, the caller does its own work alone.
void thread_pool_run(thread_pool *pool, int count, void (*task)(void *context, int index),
                     void *context);

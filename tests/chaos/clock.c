/* A clock that can jump: the real one plus the seconds (int64) in the file that CHAOS_CLOCK names.
 *
 * Preloaded into the stack, so that its processes believe the clock while the machine's stays as it is. The monotonic
 * clock and sleeping are left alone, as a jump of the real clock leaves them alone. (libfaketime 0.9.10 does not: with
 * it Python's sleep fails, https://github.com/wolfcw/libfaketime/issues/426.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead;

__attribute__((constructor)) static void open_clock(void)
{
    const char *path = getenv("CHAOS_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0)
        close(file);
    if (found != MAP_FAILED)
        ahead = found;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (!result && ahead && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *ahead;
    return result;
}

int gettimeofday(struct timeval *now, void *zone)
{
    struct timespec fine;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &fine);
    now->tv_sec = fine.tv_sec;
    now->tv_usec = fine.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place)
{
    struct timespec fine;
    clock_gettime(CLOCK_REALTIME, &fine);
    if (place)
        *place = fine.tv_sec;
    return fine.tv_sec;
}

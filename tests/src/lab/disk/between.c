// A disk that can be watched, fill up, turn read-only and fail: put between a program and the C library
// (LD_PRELOAD). It concerns the files below DISK_FOLDER, save SQLite's shared memory.
//
// DISK_LOG: every write, truncation, removal, renaming and completed sync is appended here, in order.
// DISK_ENDS_AT: the process is killed before its nth write to a database.
// DISK_TROUBLE: a file whose first letter is the trouble of the moment: `f`ull, `r`ead-only, `s`yncs fail.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 65536
enum kind { WROTE = 1, CUT = 2, SYNCED = 3, REMOVED = 4, RENAMED = 5, MADE = 6 };

struct record {
    uint32_t kind, name_length;
    uint64_t at, length;
};

static char *names[FILES]; // By descriptor, relative to the folder.
static const char *folder, *trouble_file;
static size_t folder_length;
static int log_file = -1;
static atomic_long writes_left = -1;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_rename = dlsym(RTLD_NEXT, "rename");
    const char *log = getenv("DISK_LOG");
    trouble_file = getenv("DISK_TROUBLE");
    const char *ends_at = getenv("DISK_ENDS_AT");
    if (ends_at) writes_left = atol(ends_at);
    if (log) log_file = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const char *named = getenv("DISK_FOLDER");
    folder_length = named ? strlen(named) : 0;
    folder = named;
}

static char trouble(void) {
    char letter = 0;
    int file = trouble_file ? real_open(trouble_file, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    if (read(file, &letter, 1) != 1) letter = 0;
    real_close(file);
    return letter;
}

// The name below the folder, or nothing. The caller frees it.
static char *below(const char *path) {
    char whole[PATH_MAX];
    if (!folder || !path) return NULL;
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole) || strlen(whole) + strlen(path) + 2 > sizeof whole) return NULL;
        strcat(whole, "/");
        strcat(whole, path);
        path = whole;
    }
    if (strncmp(path, folder, folder_length) || path[folder_length] != '/') return NULL;
    char *name = strdup(path + folder_length + 1), *to = name;
    for (const char *from = name; *from;) { // "./a" and "a" are one file.
        if (from[0] == '.' && from[1] == '/' && (from == name || from[-1] == '/')) from += 2;
        else *to++ = *from++;
    }
    *to = 0;
    size_t length = strlen(name);
    if (length > 4 && !strcmp(name + length - 4, "-shm")) { free(name); return NULL; }
    return name;
}

static char *name_of(int file) { return file >= 0 && file < FILES ? names[file] : NULL; }

static void note(enum kind kind, const char *name, uint64_t at, const void *data, uint64_t length) {
    if (log_file < 0) return;
    if (kind == WROTE && strstr(name, ".db") && atomic_load(&writes_left) >= 0 && atomic_fetch_sub(&writes_left, 1) == 0)
        kill(getpid(), SIGKILL);
    int before = errno;
    struct record head = {kind, (uint32_t)strlen(name), at, length};
    size_t whole = sizeof head + head.name_length + length;
    char *line = malloc(whole);
    memcpy(line, &head, sizeof head);
    memcpy(line + sizeof head, name, head.name_length);
    if (length) memcpy(line + sizeof head + head.name_length, data, length);
    if (real_write(log_file, line, whole) != (ssize_t)whole) abort();
    free(line);
    errno = before;
}

static uint64_t logged(void) {
    struct stat state;
    return log_file >= 0 && !fstat(log_file, &state) ? (uint64_t)state.st_size : 0;
}

static int refused(int file) {
    if (!name_of(file)) return 0;
    switch (trouble()) {
    case 'f': return ENOSPC;
    case 'r': return EROFS;
    default: return 0;
    }
}

static int opened(int file, char *name, int made) {
    if (file < 0 || file >= FILES || !name) { free(name); return file; }
    struct stat state;
    if (fstat(file, &state) || !S_ISREG(state.st_mode)) { free(name); return file; }
    if (made) note(MADE, name, 0, NULL, 0);
    free(names[file]);
    names[file] = name;
    return file;
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
    char *name = at == AT_FDCWD ? below(path) : NULL;
    int writes = (flags & O_ACCMODE) != O_RDONLY;
    if (name && writes && trouble() == 'r') { free(name); errno = EROFS; return -1; }
    struct stat state;
    int made = name && (flags & O_CREAT) && stat(path, &state) != 0;
    int file = real_openat(at, path, flags, mode);
    if (file >= 0 && name && (flags & O_TRUNC)) note(CUT, name, 0, NULL, 0);
    return opened(file, name, made);
}

#define OPEN(function, ...)                                                                                            \
    mode_t mode = 0;                                                                                                   \
    if (flags & (O_CREAT | O_TMPFILE)) {                                                                               \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode = va_arg(more, mode_t);                                                                                   \
        va_end(more);                                                                                                  \
    }                                                                                                                  \
    return open_any(__VA_ARGS__, flags, mode);

int open(const char *path, int flags, ...) { OPEN(open, AT_FDCWD, path) }
int open64(const char *path, int flags, ...) { OPEN(open64, AT_FDCWD, path) }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, at, path) }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, at, path) }

int close(int file) {
    if (name_of(file)) { free(names[file]); names[file] = NULL; }
    return real_close(file);
}

static uint64_t place(int file) {
    struct stat state;
    if ((fcntl(file, F_GETFL) & O_APPEND) && !fstat(file, &state)) return (uint64_t)state.st_size;
    off_t at = lseek(file, 0, SEEK_CUR);
    return at < 0 ? 0 : (uint64_t)at;
}

ssize_t write(int file, const void *data, size_t length) {
    int why = refused(file);
    if (why) { errno = why; return -1; }
    if (name_of(file)) note(WROTE, name_of(file), place(file), data, length);
    return real_write(file, data, length);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    int why = refused(file);
    if (why) { errno = why; return -1; }
    if (name_of(file)) {
        uint64_t at = place(file);
        for (int part = 0; part < count; part++) {
            note(WROTE, name_of(file), at, parts[part].iov_base, parts[part].iov_len);
            at += parts[part].iov_len;
        }
    }
    return real_writev(file, parts, count);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) {
    int why = refused(file);
    if (why) { errno = why; return -1; }
    if (name_of(file)) note(WROTE, name_of(file), (uint64_t)at, data, length);
    return real_pwrite(file, data, length, at);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t at) { return pwrite64(file, data, length, at); }

int ftruncate64(int file, off64_t size) {
    int why = refused(file);
    if (why == EROFS) { errno = why; return -1; }
    if (name_of(file)) note(CUT, name_of(file), (uint64_t)size, NULL, 0);
    return real_ftruncate(file, size);
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

static int sync_any(int file, int (*real)(int)) {
    if (name_of(file) && trouble() == 's') { errno = EIO; return -1; }
    uint64_t began = logged(); // What is written while it runs may not be in it.
    int done = real(file);
    if (!done && name_of(file)) note(SYNCED, name_of(file), began, NULL, 0);
    return done;
}

int fsync(int file) { return sync_any(file, real_fsync); }
int fdatasync(int file) { return sync_any(file, real_fdatasync); }

int unlink(const char *path) {
    char *name = below(path);
    int done = real_unlink(path);
    if (!done && name) note(REMOVED, name, 0, NULL, 0);
    free(name);
    return done;
}

int rename(const char *from, const char *to) {
    char *old = below(from), *new = below(to);
    int done = real_rename(from, to);
    if (!done && old && new) note(RENAMED, old, 0, new, strlen(new));
    free(old);
    free(new);
    return done;
}

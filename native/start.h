/* Where a program without a C library begins. Included once, by the file that has its begin_program. */
#ifndef NSATLAS_START_H
#define NSATLAS_START_H

/* `stack`: argc, the arguments, as the kernel leaves them for a new program. */
__attribute__((used)) _Noreturn void begin_program(const long *stack);

#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start:\n\t"
        "xor %ebp, %ebp\n\t"
        "mov %rsp, %rdi\n\t"
        "and $-16, %rsp\n\t"
        "call begin_program\n");
#elif defined(__aarch64__)
__asm__(".globl _start\n"
        "_start:\n\t"
        "mov x29, xzr\n\t"
        "mov x30, xzr\n\t"
        "mov x0, sp\n\t"
        "bl begin_program\n");
#endif

#endif

package app

import "syscall"

// yieldToWindow lowers the priority of the calling thread, which computes, below
// that of the threads that draw: on a machine whose cores are all busy the
// window then answers at once, and the training loses no more than what drawing
// takes. It needs no rights; should it fail, the threads share as before. The
// goroutine must keep its thread. From now on the thread's time is not drawing's.
func yieldToWindow() {
	const nice = 10
	thread := syscall.Gettid()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, thread, nice)
	computing.join(thread)
}

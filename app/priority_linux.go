package app

import "syscall"

// computingNice is how far the priority of computing threads is lowered. Tests set
// 0: nobody watches their windows, and a machine that is busy with something else
// would starve them.
var computingNice = 10

// yieldToWindow lowers the priority of the calling thread, which computes, below
// that of the threads that draw: on a machine whose cores are all busy the
// window then answers at once, and the training loses no more than what drawing
// takes. It needs no rights; should it fail, the threads share as before. The
// goroutine must keep its thread. From now on the thread's time is not drawing's.
func yieldToWindow() {
	thread := syscall.Gettid()
	if computingNice > 0 {
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, thread, computingNice)
	}
	computing.join(thread)
}

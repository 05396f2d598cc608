package main

import (
	"net"
	"syscall"
)

// open looks, without waiting or reading, whether the other side has closed an idle connection.
// After a restart of PgBouncer no request then fails on a connection of its former life.
func open(conn net.Conn) bool {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	alive := false
	err = raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		// Nothing to read is right. An end, an error or unasked words mean: do not use it.
		alive = err == syscall.EAGAIN
		return true
	})
	return err == nil && alive
}

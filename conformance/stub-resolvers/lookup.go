// Looks names up with Go's own resolver; prints each with its addresses, or "none".
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
)

func main() {
	resolver := &net.Resolver{PreferGo: true}
	for _, name := range os.Args[1:] {
		found, err := resolver.LookupHost(context.Background(), name)
		var missing *net.DNSError
		switch {
		case errors.As(err, &missing) && missing.IsNotFound:
			fmt.Println(name, "none")
		case err != nil:
			fmt.Println(name, err)
		default:
			fmt.Println(name, strings.Join(found, " "))
		}
	}
}

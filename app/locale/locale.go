// Package locale gives Fyne a language that it can read. In an environment
// with LANG=C.UTF-8, as in containers, Fyne's own initialisation logs an error
// and falls back to English; setting LANGUAGE first says English quietly.
// Import it before Fyne.
package locale

import (
	"os"
	"strings"
)

func init() {
	if os.Getenv("LANGUAGE") != "" {
		return
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, "C.") {
				_ = os.Setenv("LANGUAGE", "en")
			}
			return
		}
	}
}

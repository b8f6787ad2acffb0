package locale

import (
	"os"
	"os/exec"
	"testing"
)

// TestLanguage starts this test again in other environments: LANGUAGE is set before Fyne looks at it, and only where
// Fyne would stumble.
func TestLanguage(t *testing.T) {
	if os.Getenv("FILTERSCOPE_LOCALE_TEST") != "" {
		os.Stdout.WriteString("language=" + os.Getenv("LANGUAGE") + ".")
		os.Exit(0)
	}
	for _, c := range []struct {
		name string
		env  []string
		want string
	}{
		{"container", []string{"LANG=C.UTF-8"}, "en"},
		{"LC_ALL wins", []string{"LC_ALL=C.UTF-8", "LANG=de_DE.UTF-8"}, "en"},
		{"a language", []string{"LANG=de_DE.UTF-8"}, ""},
		{"LC_ALL is a language", []string{"LC_ALL=fr_FR.UTF-8", "LANG=C.UTF-8"}, ""},
		{"plain C", []string{"LANG=C"}, ""},
		{"nothing", nil, ""},
		{"chosen", []string{"LANG=C.UTF-8", "LANGUAGE=sv"}, "sv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run=^TestLanguage$")
			cmd.Env = append([]string{"FILTERSCOPE_LOCALE_TEST=1"}, c.env...)
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			if got, want := string(out), "language="+c.want+"."; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

package app

import (
	"fmt"
	"strconv"
	"strings"

	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// split parts a text at its commas.
func split(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// listText writes a list as people type it.
func listText[T any](list []T, text func(T) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = text(v)
	}
	return strings.Join(parts, ", ")
}

func plainText(s string) string { return s }

// sizesText writes the sizes of layers.
func sizesText(sizes []int) string { return listText(sizes, strconv.Itoa) }

// mostLayers is how many hidden layers there may be.
const mostLayers = 20

// parseSizes reads the sizes of layers: whole numbers with commas, spaces or
// dashes between them; a dash after anything but a number is a minus. The error
// says what is wrong, from the column (from 1) on.
func parseSizes(text string) (sizes []int, column int, err error) {
	at := 0 // in runes
	word, begin := "", 0
	flush := func() error {
		if word == "" {
			return nil
		}
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > recipe.MostUnits {
			column = begin + 1
			return fmt.Errorf("%s: want 1 to %s units", word, widgets.FormatNumber(recipe.MostUnits))
		}
		sizes, word = append(sizes, n), ""
		return nil
	}
	for _, r := range text {
		if strings.ContainsRune(", ;\t", r) || word != "" && strings.ContainsRune("-–", r) {
			if err := flush(); err != nil {
				return nil, column, err
			}
		} else {
			if word == "" {
				begin = at
			}
			word += string(r)
		}
		at++
	}
	if err := flush(); err != nil {
		return nil, column, err
	}
	if len(sizes) > mostLayers {
		return nil, 0, fmt.Errorf("%d layers: want %d at the most", len(sizes), mostLayers)
	}
	return sizes, 0, nil
}

// checkSizes judges a typed list of sizes, at least so many.
func checkSizes(text string, least int) (column int, message string) {
	sizes, column, err := parseSizes(text)
	switch {
	case err != nil:
		return column, err.Error()
	case len(sizes) < least:
		return 0, "want sizes, such as 200, 50"
	}
	return 0, ""
}

// parseNumbers reads numbers with commas between them.
func parseNumbers(text string) ([]float64, error) {
	var list []float64
	for _, part := range split(text) {
		v, err := strconv.ParseFloat(strings.Replace(part, "−", "-", 1), 64)
		if err != nil || v != v || v > 1e12 || v < -1e12 {
			return nil, fmt.Errorf("%s: want a number", part)
		}
		list = append(list, v)
	}
	return list, nil
}

// sharesText writes shares; none is 0.
func sharesText(shares []float64) string {
	if len(shares) == 0 {
		return "0"
	}
	return listText(shares, widgets.FormatNumber)
}

// parseShares reads shares from 0 to below 1; a single 0 is none.
func parseShares(text string) ([]float64, error) {
	list, err := parseNumbers(text)
	for i, v := range list {
		if v < 0 || v >= 1 {
			return nil, fmt.Errorf("%s: want 0 to below 1", split(text)[i])
		}
	}
	if len(list) == 1 && list[0] == 0 {
		return nil, err
	}
	return list, err
}

func checkShares(text string) (int, string)  { return checked(parseShares(text)) }
func checkNumbers(text string) (int, string) { return checked(parseNumbers(text)) }

func checked[T any](_ T, err error) (column int, message string) {
	if err != nil {
		return 0, err.Error()
	}
	return 0, ""
}

// checkList judges a list of formulas: that there are some. What they say is
// judged with the rest of the recipe.
func checkList(text string) (int, string) {
	if len(split(text)) == 0 {
		return 0, "want formulas, such as x+1, 2x"
	}
	return 0, ""
}

// checkDistribution judges a likelihood of one or several parts.
func checkDistribution(text string) (int, string) {
	_, _, err := recipe.Model{Kind: recipe.KindVariational, Distribution: text}.Distributions()
	if err != nil {
		return 0, err.Error()
	}
	return 0, ""
}

package experiment_test

import (
	"context"
	"fmt"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
)

// Twenty Gaussians on a grid, their weights by the pseudo-inverse.
func Example() {
	ctx := context.Background()
	r, err := recipe.Open("rbf-1d")
	if err != nil {
		fmt.Println(err)
		return
	}
	study, err := experiment.Prepare(ctx, r, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := experiment.Run(ctx, study, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("test RMSE %.4f, condition %.2g\n", result.Outcome.TestRMSE, result.Outcome.Condition)
	// Output: test RMSE 0.0410, condition 2e+06
}

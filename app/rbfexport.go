package app

func (v *rbfView) exportDialog() {}
func (v *rbfView) saveModelDialog() {}

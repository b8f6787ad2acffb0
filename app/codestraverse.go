package app

// codesTraverse is drawn once there are sliders.
func (p *painter) codesTraverse(f *codesFrame, req request) {}

package idx

// Inflate is inflate, for tests.
var Inflate = inflate

% UFLDL's sparse autoencoder as an Octave or MATLAB user writes it, examples in columns; times cost and gradient and prints one
% line of JSON. Takes the flags of the Python peers, as pairs of words:
%   octave-cli -q octave_peer.m --data FILE --start FILE [--visible 784 --hidden 196 --examples 10000 --precision double ...]
1;

function s = sigmoid(z)
  s = 1 ./ (1 + exp(-z));
end

function [cost, gradient] = evaluate(theta, X, o)
  w = o.hidden * o.visible;
  W1 = reshape(theta(1:w), o.visible, o.hidden)';               % the file is row by row
  b1 = theta(w+1 : w+o.hidden);
  W2 = reshape(theta(w+o.hidden+1 : 2*w+o.hidden), o.hidden, o.visible)';
  b2 = theta(2*w+o.hidden+1 : end);
  m = columns(X);

  code = sigmoid(W1 * X + b1);
  out = sigmoid(W2 * code + b2);
  rhohat = mean(code, 2);
  err = out - X;
  cost = sumsq(err(:)) / (2*m) + o.lambda/2 * (sumsq(W1(:)) + sumsq(W2(:))) ...
       + o.beta * sum(o.rho * log(o.rho ./ rhohat) + (1-o.rho) * log((1-o.rho) ./ (1-rhohat)));

  d3 = err .* out .* (1 - out);
  d2 = (W2' * d3 + o.beta * ((1-o.rho) ./ (1-rhohat) - o.rho ./ rhohat)) .* code .* (1 - code);
  gradient = [reshape((d2 * X' / m + o.lambda * W1)', [], 1); mean(d2, 2); ...
              reshape((d3 * code' / m + o.lambda * W2)', [], 1); mean(d3, 2)];
end

o = struct('data', '', 'start', '', 'visible', 784, 'hidden', 196, 'examples', 10000, 'lambda', 3e-3, 'beta', 3, 'rho', 0.1, ...
           'precision', 'float64', 'reps', 5, 'threads', 2, 'task', 'eval');
words = argv();
for i = 1 : 2 : numel(words)
  name = words{i}(3:end);
  if ischar(o.(name)), o.(name) = words{i+1}; else o.(name) = str2double(words{i+1}); end
end
kind = 'double';
if strcmp(o.precision, 'float32'), kind = 'single'; end

f = fopen(o.data, 'r', 'ieee-le');
X = feval(kind, fread(f, [o.visible o.examples], 'float32=>double'));
fclose(f);
f = fopen(o.start, 'r', 'ieee-le');
theta = feval(kind, fread(f, Inf, 'double'));
fclose(f);

[cost, gradient] = evaluate(theta, X, o);
seconds = zeros(1, o.reps);
for i = 1 : o.reps
  tic; [cost, gradient] = evaluate(theta, X, o); seconds(i) = toc;
end
printf(['{"program":"Octave","version":"%s","task":"eval","precision":"%s","threads":%d,"seconds":[%s],"cost":%.12g,' ...
        '"gradient":%.12g}\n'], version(), o.precision, o.threads, strjoin(arrayfun(@(s) sprintf('%.6g', s), seconds, ...
        'UniformOutput', false), ','), cost, norm(gradient));

import fc from 'fast-check';

// The same cases in every run, so that a failure can be had again and a green run stays green.
// KUBE_LITE_SEED=random (or a number) looks for new ones.
const given = process.env['KUBE_LITE_SEED'];
fc.configureGlobal(given === 'random' ? {} : { seed: Number(given ?? 20261124) });

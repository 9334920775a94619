import { describe, expect, it } from 'vitest';
import { autoscale } from '../../src/commands/autoscale.ts';
import { optionsOf } from './options-of.ts';

const cpu = (target: object): object => ({ type: 'Resource', resource: { name: 'cpu', target } });
const memory = (target: object): object => ({ type: 'Resource', resource: { name: 'memory', target } });

describe('autoscale: arguments', () => {
  it.each([
    ['deploy web --max=3', { max: 3, min: -1, metrics: [], name: '', fieldManager: 'kubectl-autoscale' }],
    [
      'deploy/web --max=3 --min=2 --cpu=70%',
      { min: 2, metrics: [cpu({ type: 'Utilization', averageUtilization: 70 })] },
    ],
    ['deploy/web --max=3 --cpu=500', { metrics: [cpu({ type: 'AverageValue', averageValue: '500m' })] }],
    ['deploy/web --max=3 --cpu=0.5', { metrics: [cpu({ type: 'AverageValue', averageValue: '500u' })] }],
    ['deploy/web --max=3 --cpu=2', { metrics: [cpu({ type: 'AverageValue', averageValue: '2m' })] }],
    ['deploy/web --max=3 --memory=200', { metrics: [memory({ type: 'AverageValue', averageValue: '200Mi' })] }],
    ['deploy/web --max=3 --memory=1024Mi', { metrics: [memory({ type: 'AverageValue', averageValue: '1Gi' })] }],
    ['deploy/web --max=3 --cpu-percent=80', { metrics: [cpu({ type: 'Utilization', averageUtilization: 80 })] }],
  ])('%s', (line, expected) => {
    expect(optionsOf(autoscale, line)).toMatchObject(expected);
  });

  it.each([
    ['deploy web', 'required flag(s) "max" not set'],
    ['deploy web --max=0', '--max=MAXPODS is required and must be at least 1, max: 0'],
    ['deploy web --max=2 --min=3', '--max=MAXPODS must be larger or equal to --min=MINPODS, max: 2, min: 3'],
    ['deploy web --max=2 --cpu=x', 'invalid resource cpu value: x'],
    ['deploy web --max=2 --cpu=-1%', 'invalid percentage value: -1'],
    ['deploy web --max=2 --cpu=1% --cpu-percent=1', '--cpu-percent and --cpu are mutually exclusive'],
  ])('%s is refused', (line, message) => {
    expect(() => optionsOf(autoscale, line)).toThrow(message);
  });
});

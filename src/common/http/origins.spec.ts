import { originCheck } from './origins.js';

describe('the origins that may connect', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com', true],
    ['https://app.example.com', 'https://APP.example.com:443', true],
    ['https://app.example.com', 'http://app.example.com', false],
    ['https://app.example.com', 'https://app.example.com:8443', false],
    ['https://app.example.com', 'https://app.example.com.evil.test', false],
    ['http://localhost:5173', 'http://localhost:5173', true],
    ['http://localhost:5173', 'http://localhost', false],
    ['*.example.com', 'https://a.example.com', true],
    ['*.example.com', 'http://a.b.example.com:8080', true],
    ['*.example.com', 'https://example.com', false],
    ['*.example.com', 'https://evilexample.com', false],
    ['*.example.com', 'https://a.example.com.evil.test', false],
    ['https://*.example.com', 'https://a.example.com', true],
    ['https://*.example.com', 'http://a.example.com', false],
    ['https://*.example.com', 'https://a.example.com:8443', false],
    ['https://app.example.com', undefined, false],
    ['https://app.example.com', 'null', false],
  ])('%s: %s -> %s', (allowed, origin, answer) => {
    expect(originCheck([allowed])(origin)).toBe(answer);
  });

  it('an empty list allows any, and a client that is no browser', () => {
    expect(originCheck([])('https://anything.test')).toBe(true);
    expect(originCheck([])(undefined)).toBe(true);
  });
});

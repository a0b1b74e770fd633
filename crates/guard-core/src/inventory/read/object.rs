//! Objects and lists of them, read member by member.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Reading;
use crate::inventory::error::{Fault, Problem};
use crate::inventory::{Document, Unknown};
use crate::policy::Kind;

/// One kind of object.
pub(in crate::inventory) trait Shape {
    /// The members that are read, as IAM spells them; all others are ignored.
    fn members(&self) -> &'static [&'static str];

    /// Takes the value of one of them.
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        value: Member<'_, '_, A>,
    ) -> Result<(), A::Error>;
}

/// The value of a member, still to be read.
pub(in crate::inventory) struct Member<'m, 'r, A> {
    map: &'m mut A,
    reading: &'m mut Reading<'r>,
}

impl<'de, A: MapAccess<'de>> Member<'_, '_, A> {
    /// A value of a plain type; `null` is no value.
    pub(super) fn optional<T: Deserialize<'de>>(self) -> Result<Option<T>, A::Error> {
        self.map.next_value()
    }

    /// A text that must pass a check.
    pub(super) fn checked<T>(
        self,
        check: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, A::Error> {
        let text: Option<String> = self.map.next_value()?;
        let checked = text.map(|text| check(&text)).transpose();
        checked.map_err(|problem| self.reading.fail(problem.into()))
    }

    /// The text of a value of any type, as it stands there.
    pub(super) fn raw(self) -> Result<Box<RawValue>, A::Error> {
        self.map.next_value()
    }

    /// A document of this kind, whatever stands there.
    pub(super) fn document(self, kind: Kind) -> Result<Document, A::Error> {
        let raw: Box<RawValue> = self.map.next_value()?;
        Ok(match raw.get() {
            "null" => Document::Unknown(Unknown::NotGiven),
            text => self.reading.documents.read(kind, text),
        })
    }

    /// An object; `null` is none.
    pub(super) fn object<S: Shape, T>(
        self,
        mut shape: S,
        finish: impl FnOnce(S, &mut Reading<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, A::Error> {
        let Self { map, reading } = self;
        let seed = ObjectSeed {
            shape: &mut shape,
            reading: &mut *reading,
        };
        if map.next_value_seed(Optional(seed))?.is_none() {
            return Ok(None);
        }
        let finished = finish(shape, reading);
        finished.map(Some).map_err(|fault| reading.fail(fault))
    }

    /// A list of objects, each added to what they make together; `null` is none.
    pub(super) fn objects<S: Shape, T: Default>(
        self,
        new: impl Fn() -> S,
        add: impl FnMut(&mut T, S, &mut Reading<'_>) -> Result<(), Fault>,
    ) -> Result<Option<T>, A::Error> {
        self.list(Objects { new, add })
    }

    /// A list of texts, each added to what they make together; `null` is none.
    pub(super) fn texts<T: Default>(
        self,
        add: impl FnMut(&mut T, String) -> Result<(), Problem>,
    ) -> Result<Option<T>, A::Error> {
        self.list(Texts(add))
    }

    fn list<T: Default, I: Items<T>>(self, items: I) -> Result<Option<T>, A::Error> {
        let reading = self.reading;
        let list = ListSeed {
            items,
            whole: T::default(),
            reading,
        };
        self.map.next_value_seed(Optional(list))
    }
}

/// Reads an object into its shape.
pub(super) struct ObjectSeed<'m, 'r, S> {
    pub(super) shape: &'m mut S,
    pub(super) reading: &'m mut Reading<'r>,
}

impl<'de, S: Shape> DeserializeSeed<'de> for ObjectSeed<'_, '_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: Shape> Visitor<'de> for ObjectSeed<'_, '_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { shape, reading } = self;
        let mut seen: Vec<&'static str> = Vec::with_capacity(shape.members().len());
        while let Some(key) = map.next_key_seed(KeySeed {
            members: shape.members(),
            reading: &*reading,
        })? {
            let member = match key {
                Key::Read(member) => member,
                Key::Ignored => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                Key::Misspelt { found, expected } => {
                    let expected = format!("`{}`", reading.trail.casing().spell(expected));
                    return Err(reading.fail(Problem::value(&found, expected).into()));
                }
            };
            if seen.contains(&member) {
                let spelled = reading.trail.casing().spell(member);
                return Err(reading.fail(Problem::twice(&spelled, "member").into()));
            }
            seen.push(member);
            reading.trail.enter(member);
            let value = Member {
                map: &mut map,
                reading: &mut *reading,
            };
            shape.take(member, value)?;
            reading.trail.leave();
        }
        Ok(())
    }
}

/// A member's name.
enum Key {
    Read(&'static str),
    Ignored,
    Misspelt {
        found: String,
        expected: &'static str,
    },
}

struct KeySeed<'m, 'r> {
    members: &'static [&'static str],
    reading: &'m Reading<'r>,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        if let Some(member) = self.reading.trail.casing().find(key, self.members) {
            return Ok(Key::Read(member));
        }
        let is_twin = |member: &&&'static str| member.eq_ignore_ascii_case(key);
        Ok(match self.members.iter().find(is_twin) {
            Some(expected) => Key::Misspelt {
                found: key.to_owned(),
                expected,
            },
            None => Key::Ignored,
        })
    }
}

/// Reads the items of a list into what they make together.
trait Items<T> {
    /// Reads the next one; `None` at the end.
    fn next<'de, A: SeqAccess<'de>>(
        &mut self,
        whole: &mut T,
        list: &mut A,
        reading: &mut Reading<'_>,
    ) -> Result<Option<()>, A::Error>;
}

struct Objects<N, F> {
    new: N,
    add: F,
}

impl<T, S, N, F> Items<T> for Objects<N, F>
where
    S: Shape,
    N: Fn() -> S,
    F: FnMut(&mut T, S, &mut Reading<'_>) -> Result<(), Fault>,
{
    fn next<'de, A: SeqAccess<'de>>(
        &mut self,
        whole: &mut T,
        list: &mut A,
        reading: &mut Reading<'_>,
    ) -> Result<Option<()>, A::Error> {
        let mut shape = (self.new)();
        let seed = ObjectSeed {
            shape: &mut shape,
            reading: &mut *reading,
        };
        if list.next_element_seed(seed)?.is_none() {
            return Ok(None);
        }
        let added = (self.add)(whole, shape, reading);
        added.map(Some).map_err(|fault| reading.fail(fault))
    }
}

struct Texts<F>(F);

impl<T, F: FnMut(&mut T, String) -> Result<(), Problem>> Items<T> for Texts<F> {
    fn next<'de, A: SeqAccess<'de>>(
        &mut self,
        whole: &mut T,
        list: &mut A,
        reading: &mut Reading<'_>,
    ) -> Result<Option<()>, A::Error> {
        let Some(text) = list.next_element()? else {
            return Ok(None);
        };
        let added = (self.0)(whole, text);
        added
            .map(Some)
            .map_err(|problem| reading.fail(problem.into()))
    }
}

struct ListSeed<'m, 'r, T, I> {
    items: I,
    whole: T,
    reading: &'m mut Reading<'r>,
}

impl<'de, T, I: Items<T>> DeserializeSeed<'de> for ListSeed<'_, '_, T, I> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T, I: Items<T>> Visitor<'de> for ListSeed<'_, '_, T, I> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        let Self {
            mut items,
            mut whole,
            reading,
        } = self;
        let mut index = 0;
        loop {
            reading.trail.enter_item(index);
            let next = items.next(&mut whole, &mut list, reading)?;
            reading.trail.leave();
            if next.is_none() {
                return Ok(whole);
            }
            index += 1;
        }
    }
}

/// A value that may be `null`.
struct Optional<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Optional<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Optional<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

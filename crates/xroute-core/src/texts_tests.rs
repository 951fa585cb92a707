use proptest::prelude::*;

use super::*;

#[test]
fn a_column_keeps_each_text_once_and_gives_every_row_its_own() {
    let column: Texts = ["b", "a", "b", "", "a"].into();
    assert_eq!(column.words().iter().collect::<Vec<_>>(), ["b", "a", ""]);
    assert_eq!(column.iter().collect::<Vec<_>>(), ["b", "a", "b", "", "a"]);
    assert_eq!(&column[2], "b");
    assert_eq!(column.with(2, "c").iter().collect::<Vec<_>>(), ["b", "a", "c", "", "a"]);
}

#[test]
fn rows_take_the_smallest_form() {
    assert_eq!(Rows::of(vec![]), Rows::Same { word: 0, rows: 0 });
    assert_eq!(Rows::of(vec![3, 3]), Rows::Same { word: 3, rows: 2 });
    assert_eq!(Rows::of(vec![0, 1, 2]), Rows::InOrder(3));
    assert_eq!(Rows::of(vec![1, 0]), Rows::Few(vec![1, 0]));
    assert_eq!(Rows::of(vec![256, 0]), Rows::Many(vec![256, 0]));
}

#[test]
fn parts_that_cut_no_texts_make_no_words() {
    let made = |ends: &[usize]| Words::from_parts("aé".to_owned(), ends.to_vec());
    assert_eq!(made(&[1, 3]).unwrap().iter().collect::<Vec<_>>(), ["a", "é"]);
    for ends in [&[1][..], &[2, 3], &[3, 1], &[1, 3, 4], &[]] {
        assert!(made(ends).is_none(), "{ends:?}");
    }
    assert!(Texts::new(Arc::new(made(&[1, 3]).unwrap()), Rows::Few(vec![0, 2])).is_none());
}

#[test]
fn a_word_that_stands_twice_is_found() {
    let words = Words::from_parts("abab".to_owned(), vec![1, 2, 3, 4]).unwrap();
    assert_eq!(WordIndex::of(&words).unwrap_err(), 2);
    assert_eq!(WordIndex::default().find(&words, "a"), None);
}

proptest! {
    #[test]
    fn a_column_is_what_was_put_in_and_its_words_are_found(texts in prop::collection::vec("[a-c]{0,4}|é+", 0..200)) {
        let column: Texts = texts.iter().collect();
        prop_assert_eq!(column.iter().collect::<Vec<_>>(), texts.iter().map(String::as_str).collect::<Vec<_>>());
        let index = WordIndex::of(column.words()).unwrap();
        for (number, word) in column.words().iter().enumerate() {
            prop_assert_eq!(index.find(column.words(), word), Some(number as u32));
        }
        prop_assert_eq!(index.find(column.words(), "none of them"), None);
    }
}
